"""Openings and closings drawn independently of the label: thanks at the end make no message one of thanks."""

from __future__ import annotations

import random
from dataclasses import replace

from classifier.corpus import Message

OPENINGS = """
alo
alo alo ad ơi
ad ơi
ad ơi cho em hỏi
dạ em chào anh chị
dạ cháu chào cô chú ạ
chào anh chị
chào tổng đài
chào tổng đài, tôi muốn phản ánh
em chào ad ạ
a lô tổng đài một không hai hai phải không ạ
dạ alo
xin chào
xin chào quý cơ quan
kính gửi quý cơ quan
kính gửi ban quản trị iHanoi
kính gửi UBND
kính thưa các anh các chị
thưa quý cơ quan, tôi xin trình bày như sau
nhờ ad chuyển giúp
nhờ các bác xem giúp
cho tôi phản ánh chút
mọi người ơi
các anh chị ơi
em nhắn lại lần nữa
cháu nhắn hộ bà cháu
giúp em với ạ
khẩn thiết mong được quan tâm
""".strip().split("\n")
CLOSINGS = """
em cảm ơn ạ
em cảm ơn ad
em cám ơn nhiều ạ
cảm ơn ad nhiều
cảm ơn
cảm ơn anh chị
xin cảm ơn
xin cảm ơn quý cơ quan
tôi xin cảm ơn
tôi xin chân thành cảm ơn
xin trân trọng cảm ơn
trân trọng cảm ơn
trân trọng
xin chân thành cảm ơn và mong sớm nhận được hồi âm
mong phường xử lý giúp, em cảm ơn ạ
mong sớm được giải quyết
mong được giải quyết sớm, xin cảm ơn
rất mong được quan tâm
mong các anh chị giúp đỡ
cháu cảm ơn các cô các chú nhiều ạ
vâng tôi cảm ơn cô nhé
dạ vâng em cảm ơn chị ạ
thế thôi ạ tôi chào cô
ok thanks ad
tks ad
thank ad
nhờ ad nhé
nhờ cả vào các bác
chúc cả nhà một ngày tốt lành
kính mong được xem xét
kính thư
thân ái
""".strip().split("\n")
OFTEN = 0.35
_JOINTS = (". ", ", ", " ", "\n")


def courteous(message: Message, rng: random.Random) -> Message:
    """The message with an opening, a closing, both or none, whatever it is about."""
    text = message.text
    if rng.random() < OFTEN:
        text = _spelled(rng.choice(OPENINGS), rng) + rng.choice(_JOINTS) + text
    if rng.random() < OFTEN:
        text = text.rstrip(" .") + rng.choice(_JOINTS) + _spelled(rng.choice(CLOSINGS), rng)
    return replace(message, text=text)


def _spelled(words: str, rng: random.Random) -> str:
    return words if rng.random() < 0.5 else words[0].upper() + words[1:]
