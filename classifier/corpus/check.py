"""What must hold before anything is trained: labels, uniqueness, no evaluation texts, no personal data."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from classifier import pii
from classifier.corpus import (
    FOLDER,
    UNSEEN,
    Message,
    Phrase,
    files,
    leak,
    near,
    persons,
    places,
    read,
    second,
)
from classifier.features.views import joined
from classifier.labels import CHANNELS, FIELDS, KINDS, REGISTERS
from classifier.normalise import fold_key

# Read where it lies beside the project; absent elsewhere.
EVALUATION = FOLDER.parents[3] / "shared" / "data" / "dev_messages.jsonl"
SEED = "leak"
# A shorter phrase stands in many messages by itself.
LONG = 5
_WORD = re.compile(r"\w+")


def faults(messages: Sequence[Message], evaluation: Path = EVALUATION) -> list[str]:
    """Everything wrong, by message id; empty when the corpus is fit for training."""
    found = [fault for message in messages for fault in _labels(message)]
    found += [f"{each}: mã tin bị trùng" for each in _repeated(message.id for message in messages)]
    found += _personal(messages)
    found += _copies(messages)
    for path in (evaluation, *files(UNSEEN)):
        if path.is_file():
            found += leaked(messages, read(path))
    return found + _told_by_names(messages)


def everything(messages: Sequence[Message], phrases: Sequence[Phrase]) -> list[str]:
    """All that must hold before anything is trained: messages, second labels, phrases."""
    found = faults(messages) + phrase_faults(phrases)
    for table in (second.LABELS, second.SETTLED):
        found += unknown(messages, second.read(second.FOLDER / table))
    return found


def phrase_faults(phrases: Sequence[Phrase], evaluation: Path = EVALUATION) -> list[str]:
    """Phrases with personal data, and long ones that stand word for word in a message that is measured with."""
    found = [f"“{each.text}”: có dữ liệu cá nhân" for each in phrases if _numbers(each.text)]
    texts = [
        f" {' '.join(_WORD.findall(fold_key(joined(each.text, each.subject))))} "
        for path in (evaluation, *files(UNSEEN))
        if path.is_file()
        for each in read(path)
    ]
    for each in phrases:
        words = _WORD.findall(fold_key(each.text))
        if len(words) >= LONG and any(f" {' '.join(words)} " in text for text in texts):
            found.append(f"“{each.text}”: có nguyên văn trong tin đánh giá")
    return found


def unknown(messages: Sequence[Message], labelled: Iterable[str]) -> list[str]:
    """Second labels of messages that are not there."""
    return [f"{each}: có nhãn thứ hai nhưng không có tin" for each in sorted({*labelled} - ids(messages))]


def ids(messages: Sequence[Message]) -> set[str]:
    """The messages' ids."""
    return {each.id for each in messages}


def _told_by_names(messages: Sequence[Message]) -> list[str]:
    """Names as training draws them, and as far as the model still sees them, must not tell the field."""
    pool, people = places.names(), persons.names(messages)
    drawn = [persons.redrawn(each, pool, people, random.Random(f"{SEED}:{each.id}")) for each in messages]
    found = leak.leak(drawn, leak.seen_names)
    return [f"tên riêng tiết lộ lĩnh vực: {found.right}/{found.told}"] if found.leaks else []


def _labels(message: Message) -> list[str]:
    rules = (
        (bool(message.text.strip()), "không có nội dung"),
        (
            bool(message.fields) and all(each in FIELDS for each in message.fields),
            f"lĩnh vực lạ {message.fields}",
        ),
        (len(set(message.fields)) == len(message.fields), "lĩnh vực lặp lại"),
        (message.kind in KINDS, f"loại lạ {message.kind}"),
        (message.register in REGISTERS, f"văn phong lạ {message.register}"),
        (message.channel in CHANNELS, f"kênh lạ {message.channel}"),
        (bool(message.author and message.card), "thiếu tác giả hoặc thẻ tình huống"),
        (not (message.urgent and message.kind in ("spam", "thanks")), f"{message.kind} không thể khẩn"),
    )
    return [f"{message.id}: {fault}" for holds, fault in rules if not holds]


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _personal(messages: Sequence[Message]) -> list[str]:
    """Numbers, plates and addresses of mail that could be somebody's; names are invented and stay."""
    out = []
    for message in messages:
        for text in (message.subject or "", message.text):
            out += [f"{message.id}: có dữ liệu cá nhân ({kind})" for kind in _numbers(text)]
    return out


def _numbers(text: str) -> list[str]:
    return sorted({each.kind for each in pii.find(text)} - {"name"})


def _copies(messages: Sequence[Message]) -> list[str]:
    """Near-duplicates across cards; within a card they stay together in every fold."""
    pairs = near.pairs([message.text for message in messages])
    return [
        f"{messages[one].id}: gần trùng với {messages[other].id}"
        for one, other in pairs
        if messages[one].card != messages[other].card
    ]


def leaked(messages: Sequence[Message], evaluation: Sequence[Message]) -> list[str]:
    """Training messages that stand, exactly or nearly, among the evaluation messages."""
    found = near.pairs(
        [joined(each.text, each.subject) for each in messages],
        [joined(each.text, each.subject) for each in evaluation],
    )
    return [f"{messages[one].id}: trùng tin đánh giá {evaluation[other].id}" for one, other in found]
