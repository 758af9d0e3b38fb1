"""Text at the border: one normal form, no control characters, bounded length."""

from __future__ import annotations

import unicodedata

MAX_TEXT = 50_000
MAX_LINE = 500

_KEPT = {"\n", "\t"}
# Invisible direction marks can make a text read otherwise than it is stored.
_DIRECTION = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF)}


def _dropped(char: str) -> bool:
    return char not in _KEPT and (char in _DIRECTION or unicodedata.category(char) in {"Cc", "Cs"})


def clean(text: str) -> str:
    """NFC with `\\n` line ends; no control characters, lone surrogates, direction marks or outer blanks."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = unix if unix.isascii() and unix.isprintable() else "".join(c for c in unix if not _dropped(c))
    return unicodedata.normalize("NFC", kept).strip()


def line(text: str, limit: int = MAX_LINE) -> str:
    """`clean` on one line: every run of white space is one blank; at most `limit` code points."""
    return " ".join(clean(text).split())[:limit].rstrip()


def bounded(text: str, limit: int = MAX_TEXT) -> tuple[str, dict[str, str]]:
    """`clean` text of at most `limit` code points, and the hints that say whether something was cut off."""
    whole = clean(text)
    if len(whole) <= limit:
        return whole, {}
    return whole[:limit].rstrip(), {"truncated": "1"}


def split(text: str, limit: int) -> tuple[str, ...]:
    """Parts of at most `limit` code points, numbered `(1/3) ` when several, cut at line or word ends."""
    whole = clean(text)
    if len(whole) <= limit:
        return (whole,)
    room = limit - len("(99/99) ")
    parts: list[str] = []
    while whole:
        end = _cut_at(whole, room)
        parts.append(whole[:end].rstrip())
        whole = whole[end:].lstrip()
    return tuple(f"({number}/{len(parts)}) {part}" for number, part in enumerate(parts, start=1))


def _cut_at(text: str, room: int) -> int:
    if len(text) <= room:
        return len(text)
    for mark in ("\n", ". ", " "):
        at = text.rfind(mark, room // 2, room)
        if at > 0:
            return at + len(mark)
    return room
