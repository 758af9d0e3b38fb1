"""Training-side corruptions: the ways in which citizens' keyboards and speech recognition bend a text."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

_TEEN = {
    "không": "k;ko;hok;khum;kg", "được": "dc;đc;đk", "rồi": "r;rùi", "gì": "j;gi", "với": "vs;zới", "vậy": "z;v",
    "biết": "bt;bít", "người": "ng;ngta", "mọi": "m", "anh": "a", "em": "e", "chị": "c", "mình": "mk;mik",
    "bây": "bi", "giờ": "h", "nhưng": "nhg;nhưg", "quá": "wá;qá", "thôi": "thui", "luôn": "lun", "đường": "đg",
    "phường": "p", "trước": "trc", "sau": "s", "nhà": "nhà;nh", "công": "cog", "cũng": "cg;cug", "nước": "nc",
    "điện": "đien", "tiền": "tìn;xiền", "trời": "chời", "xe": "xe", "thấy": "thý", "muốn": "mún", "bình": "bìh",
    "ngày": "ng", "tháng": "th", "như": "nhu", "của": "của;cũa", "làm": "lm", "thì": "thì;thj", "vào": "vô;zô",
}  # fmt: skip
_TELEX_MARKS = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_ASR = [("ch", "tr"), ("tr", "ch"), ("s", "x"), ("x", "s"), ("l", "n"), ("n", "l"), ("d", "gi"), ("r", "d")]
_NUMBERS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_WORD = re.compile(r"\w+")


def without_accents(text: str) -> str:
    """`đường` becomes `duong`."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def half_accents(text: str, rng: random.Random) -> str:
    """Some words lose their marks."""
    return _WORD.sub(lambda m: without_accents(m[0]) if rng.random() < 0.5 else m[0], text)


def teencode(text: str, rng: random.Random) -> str:
    """Frequent words shortened as in chats."""

    def shorten(match: re.Match[str]) -> str:
        forms = _TEEN.get(match[0].lower())
        return rng.choice(forms.split(";")) if forms and rng.random() < 0.7 else match[0]

    return _WORD.sub(shorten, text.lower())


def telex(text: str, rng: random.Random) -> str:
    """Words typed with the telex keyboard switched off: `đường` becomes `dduwowngf`, mostly partly."""
    return _WORD.sub(lambda m: _telex_word(m[0]) if rng.random() < 0.12 else m[0], text)


def _telex_word(word: str) -> str:
    tone, letters = "", []
    for char in unicodedata.normalize("NFD", word):
        if char in _TELEX_MARKS:
            tone = _TELEX_MARKS[char]
        else:
            letters.append(char)
    shaped = unicodedata.normalize("NFC", "".join(letters))
    table = {"đ": "dd", "ư": "uw", "ơ": "ow", "ă": "aw", "â": "aa", "ê": "ee", "ô": "oo"}
    return "".join(table.get(char, char) for char in shaped) + tone


def speech(text: str, rng: random.Random) -> str:
    """Lower case, no punctuation, digits as words, and now and then a wrong first consonant."""

    def noisy(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word.isdigit() and len(word) <= 3:
            return " ".join(_NUMBERS[int(digit)] for digit in word)
        for old, new in _ASR:
            if word.startswith(old) and rng.random() < 0.03:
                return new + word[len(old) :]
        return word

    return " ".join(noisy(match) for match in _WORD.finditer(text))


def no_punctuation(text: str, rng: random.Random) -> str:
    """Words alone, sometimes in capitals."""
    joined = " ".join(_WORD.findall(text))
    return joined.upper() if rng.random() < 0.2 else joined


def typos(text: str, rng: random.Random) -> str:
    """A letter dropped, doubled or swapped in one word of fourteen."""
    return _WORD.sub(lambda m: _typo(m[0], rng) if len(m[0]) > 2 and rng.random() < 0.07 else m[0], text)


def _typo(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word))
    return rng.choice((word[:at] + word[at + 1 :], word[:at] + word[at - 1 :], _swapped(word, at)))


def _swapped(word: str, at: int) -> str:
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


_CORRUPTIONS: tuple[Callable[[str, random.Random], str], ...] = (
    half_accents, teencode, telex, speech, no_punctuation, typos,
)  # fmt: skip


def corrupted(text: str, rng: random.Random) -> str:
    """`text` after one or two corruptions drawn by `rng`."""
    for corruption in rng.sample(_CORRUPTIONS, rng.choice((1, 1, 2))):
        text = corruption(text, rng)
    return text
