"""Ticket codes a citizen can read out: `HN-26-7K3F-92` (place, year, five random symbols, one check symbol).

The 23 symbols leave out what looks alike (0 O Q D, 1 I L, 2 Z, 5 S, 8 B, 6 G, U V) and N, which is heard
as L or M. 23 is prime, so the weighted sum finds every single wrong symbol and every swap of two, in the
year as well.
"""

from __future__ import annotations

import random
import re
import unicodedata

ALPHABET = "AC23456789EFHJKMPRTVWXY"
"""Symbol → value is its index, so that the digits 2–9 have their own value in the year and in the body."""

RANDOM_SYMBOLS = 5
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8)
_MODULUS = len(ALPHABET)
_LOOKS_LIKE = str.maketrans("ZSBGU", "2586V")
_SEPARATORS = re.compile(r"[\s\-.\u2010-\u2015\u2212_/]+")
_COMPACT = re.compile(rf"(?:HN)?([0-9]{{2}})([{ALPHABET}]{{6}})")
_GAP = r"[ \u00a0.\-\u2010-\u2015\u2212]{0,3}"
_IN_TEXT = re.compile(
    rf"(?<!\w)HN{_GAP}[0-9]{{2}}{_GAP}[0-9A-Z]{{4}}{_GAP}[0-9A-Z]{{2}}(?!\w)", re.IGNORECASE
)


def new_code(year: int, rng: random.Random) -> str:
    """A fresh code for a ticket of `year` (four digits). Pass `secrets.SystemRandom()` outside tests.

    23**5 codes a year are 6.4 million: whoever stores the code draws again when it is taken.
    """
    body = "".join(rng.choice(ALPHABET) for _ in range(RANDOM_SYMBOLS))
    return _format(f"{year % 100:02d}", body + check_symbol(f"{year % 100:02d}", body))


def check_symbol(year: str, body: str) -> str:
    """The symbol that makes the weighted sum of year digits, `body` and itself zero modulo 23."""
    total = sum(w * _value(symbol) for w, symbol in zip(_WEIGHTS, year + body, strict=True))
    return ALPHABET[-total % _MODULUS]


def normalise(text: str) -> str | None:
    """The code as written, or None. Forgives case, spaces, dashes, a missing HN, look-alikes (S for 5)."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    match = _COMPACT.fullmatch(_repair(compact))
    if match is None:
        return None
    year, symbols = match.groups()
    return _format(year, symbols) if check_symbol(year, symbols[:-1]) == symbols[-1] else None


def find(text: str) -> list[str]:
    """Every valid code in free text, in order, each once."""
    codes = (normalise(match.group()) for match in _IN_TEXT.finditer(text))
    return list(dict.fromkeys(code for code in codes if code is not None))


def _repair(compact: str) -> str:
    return compact[:-6] + compact[-6:].translate(_LOOKS_LIKE)


def _value(symbol: str) -> int:
    return int(symbol) if symbol.isascii() and symbol.isdigit() else ALPHABET.index(symbol)


def _format(year: str, symbols: str) -> str:
    return f"HN-{year}-{symbols[:4]}-{symbols[4:]}"
