"""What must hold before anything is trained: labels, uniqueness, no evaluation texts, no personal data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from classifier.corpus import FOLDER, Message, near, read
from classifier.labels import CHANNELS, FIELDS, KINDS, REGISTERS

# Read where it lies beside the project; absent elsewhere.
EVALUATION = FOLDER.parents[3] / "shared" / "data" / "dev_messages.jsonl"
_LONG_NUMBER = re.compile(r"(?<![\dxX.*])(?:\+84|0)(?:[ .\-]?\d){9}(?!\d)|(?<!\d)\d{12}(?!\d)")
# Numbers that nobody owns, and the city's published lines.
_RESERVED = re.compile(r"^0900000|^0{5}|^(0768221221|02410220000)$|(\d)\1{5}|123456|0{4}")


def faults(messages: Sequence[Message], evaluation: Path = EVALUATION) -> list[str]:
    """Everything wrong, by message id; empty when the corpus is fit for training."""
    found = [fault for message in messages for fault in _labels(message)]
    found += [f"{each}: mã tin bị trùng" for each in _repeated(message.id for message in messages)]
    found += _personal(messages)
    found += _copies(messages)
    if evaluation.is_file():
        found += leaked(messages, read(evaluation))
    return found


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
    out = []
    for message in messages:
        for match in _LONG_NUMBER.finditer(f"{message.subject or ''} {message.text}"):
            digits = re.sub(r"\D", "", match[0])
            if not _RESERVED.search(digits):
                out.append(f"{message.id}: có dãy số giống số điện thoại hoặc căn cước")
    return out


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
    found = near.pairs([message.text for message in messages], [message.text for message in evaluation])
    return [f"{messages[one].id}: trùng tin đánh giá {evaluation[other].id}" for one, other in found]
