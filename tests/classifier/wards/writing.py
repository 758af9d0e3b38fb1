"""How people write a name: the ways the tests try on every unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_SHAPES = {"\u0302": "", "\u0306": "w", "\u031b": "w"}
_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHORT = {"phường": "P.", "xã": "x.", "thị trấn": "TT "}


def bare(text: str) -> str:
    """Without accents, capitals kept."""
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in marks if not unicodedata.combining(char))


def telex(text: str) -> str:
    """The keys of a telex keyboard that was switched off: `phường` → `phuwowngf`."""
    return re.sub(r"\w+", lambda word: _telex_word(word.group()), text.lower())


def _telex_word(word: str) -> str:
    keys, tone = "", ""
    for char in unicodedata.normalize("NFD", word.replace("đ", "dd")):
        if char in _TONES:
            tone = _TONES[char]
        elif char == "\u0302":
            keys += keys[-1]
        else:
            keys += _SHAPES.get(char, char)
    return keys + tone


def old_tones(text: str) -> str:
    """Tone marks where typewriters put them: hoà, thuỷ."""
    pairs = {
        "òa": "oà",
        "óa": "oá",
        "ỏa": "oả",
        "õa": "oã",
        "ọa": "oạ",
        "ùy": "uỳ",
        "úy": "uý",
        "ủy": "uỷ",
        "ụy": "uỵ",
    }
    for new, old in pairs.items():
        text = text.replace(new, old)
    return text


def half(text: str) -> str:
    """The last word typed without its marks."""
    head, _, last = text.rpartition(" ")
    return f"{head} {bare(last)}"


def swapped(text: str) -> str:
    """Two letters of the last word change places: `Trung` → `Trugn`; short words stay."""
    head, _, last = text.rpartition(" ")
    return f"{head} {last[:-2]}{last[-1]}{last[-2]}" if len(last) > 3 else text


def drawled(text: str) -> str:
    """The last letter drawn out: `Lánggg`; a full stop behind a number and behind ưu, which drawls like ư."""
    return f"{text}." if text[-1].isdigit() or bare(text).endswith("uu") else text + text[-1] * 2


def unit_spellings(kind: str, name: str) -> list[str]:
    """Twelve different ways, or more, to write one unit, level word included."""
    full, short = f"{kind} {name}", f"{_SHORT[kind]}{name}"
    ways: list[Callable[[str], str]] = [
        str,
        str.upper,
        str.lower,
        str.title,
        bare,
        lambda text: bare(text).lower(),
        lambda text: bare(text).upper(),
        lambda text: unicodedata.normalize("NFD", text),
        old_tones,
        telex,
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" ", "\u00a0"),
        drawled,
    ]
    spellings = [
        *(way(full) for way in ways),
        short,
        short.upper(),
        bare(short).lower(),
        f"{bare(kind)} {name}",
    ]
    return list(dict.fromkeys(spellings))
