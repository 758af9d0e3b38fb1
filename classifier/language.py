"""Which language a message is written in, by script and by frequent words."""

from __future__ import annotations

import re

from classifier.normalise import has_accents

_ENGLISH = frozenset(
    [
        "the",
        "is",
        "are",
        "was",
        "of",
        "and",
        "to",
        "in",
        "for",
        "on",
        "my",
        "our",
        "we",
        "you",
        "please",
        "there",
        "have",
        "has",
        "with",
        "this",
        "that",
        "not",
        "no",
        "it",
        "at",
        "from",
        "be",
        "i",
        "a",
        "an",
        "street",
        "road",
        "hello",
        "help",
        "thank",
        "thanks",
        "how",
        "when",
        "where",
        "what",
        "can",
        "do",
        "does",
        "since",
        "near",
    ]
)
_VIETNAMESE = frozenset(
    [
        "khong",
        "nuoc",
        "duong",
        "nha",
        "toi",
        "em",
        "la",
        "o",
        "cua",
        "co",
        "bi",
        "cho",
        "nay",
        "ngay",
        "den",
        "di",
        "roi",
        "qua",
        "may",
        "xe",
        "dien",
        "pho",
        "ngo",
        "phuong",
        "xa",
        "mat",
        "ai",
        "nguoi",
        "dang",
        "lam",
        "ma",
        "thi",
        "con",
        "cai",
        "hon",
        "gio",
        "ban",
        "ong",
        "ba",
        "chi",
        "anh",
        "nhieu",
        "sao",
        "het",
        "tu",
        "ra",
        "vao",
        "duoc",
        "xin",
        "cong",
        "truong",
        "xin",
        "de",
        "nghi",
        "k",
        "ko",
        "dc",
    ]
)
_WORD = re.compile(r"[a-z]+")
_SCRIPTS = (("zh", 0x4E00, 0x9FFF), ("ko", 0xAC00, 0xD7AF), ("ko", 0x1100, 0x11FF), ("zh", 0x3040, 0x30FF))
SAMPLE_CHARS = 2_000


def language(text: str, plain: str) -> str:
    """`vi`, `en`, `zh`, `ko` or `other`; `plain` is the folded form of `text`. Empty text counts as `vi`."""
    sample = text[:SAMPLE_CHARS]
    letters = [char for char in sample if char.isalpha()]
    if not letters:
        return "vi"
    foreign = _foreign_script(letters)
    if foreign:
        return foreign
    words = _WORD.findall(plain[:SAMPLE_CHARS])
    english = sum(word in _ENGLISH for word in words)
    vietnamese = sum(word in _VIETNAMESE for word in words)
    if english > vietnamese and english * 6 >= len(words) and not _mostly_accented(sample, len(words)):
        return "en"
    if vietnamese or has_accents(sample) or len(words) < 4:
        return "vi"
    return "other"


def _foreign_script(letters: list[str]) -> str | None:
    counts: dict[str, int] = {}
    for char in letters:
        point = ord(char)
        if point < 0x250 or 0x1E00 <= point < 0x1F00 or 0x300 <= point < 0x370:
            continue
        name = next((name for name, low, high in _SCRIPTS if low <= point <= high), "other")
        # A Chinese or Korean character says as much as several Latin letters.
        counts[name] = counts.get(name, 0) + (1 if name == "other" else 3)
    if not counts:
        return None
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] * 2 > len(letters) else None


def _mostly_accented(text: str, words: int) -> bool:
    return sum("\u00c0" <= char <= "\u1ef9" for char in text) * 3 > words
