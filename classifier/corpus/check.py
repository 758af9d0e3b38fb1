"""What must hold before anything is trained: labels, uniqueness, no evaluation texts, no personal data."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from classifier import pii
from classifier.corpus import FOLDER, UNSEEN, Message, files, leak, near, places, read
from classifier.labels import CHANNELS, FIELDS, KINDS, REGISTERS

# Read where it lies beside the project; absent elsewhere.
EVALUATION = FOLDER.parents[3] / "shared" / "data" / "dev_messages.jsonl"
SEED = "leak"


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


def unknown(messages: Sequence[Message], labelled: Iterable[str]) -> list[str]:
    """Second labels of messages that are not there."""
    return [f"{each}: có nhãn thứ hai nhưng không có tin" for each in sorted({*labelled} - ids(messages))]


def ids(messages: Sequence[Message]) -> set[str]:
    """The messages' ids."""
    return {each.id for each in messages}


def _told_by_names(messages: Sequence[Message]) -> list[str]:
    """Names as training draws them must not tell the field."""
    pool = places.names()
    drawn = [places.moved(each, pool, random.Random(f"{SEED}:{each.id}")) for each in messages]
    found = leak.leak(drawn)
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
            kinds = {each.kind for each in pii.find(text)} - {"name"}
            out += [f"{message.id}: có dữ liệu cá nhân ({kind})" for kind in sorted(kinds)]
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
