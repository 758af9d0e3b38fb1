"""Bytes → text for mails from Vietnam: what is declared first, then what reads as Vietnamese."""

from __future__ import annotations

import codecs
import re
import unicodedata

from channels.email.tables import TCVN, VISCII, decode

_VISCII_NAMES = {"viscii", "viscii1.1", "viscii1.1-1", "csviscii", "x-viscii"}
_TCVN_NAMES = {
    "tcvn",
    "tcvn5712",
    "tcvn-5712",
    "tcvn5712-1",
    "tcvn-5712-1",
    "tcvn5712-1:1993",
    "x-viet-tcvn",
    "tcvn3",
}
# Clients that know nothing better declare these for anything, so they count as not declared.
_CARELESS = {"ascii", "iso8859-1", "cp1252"}
# Codecs that are no charset of mails: they fail always, take quadratic time, or read escapes.
_FORBIDDEN = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_MIN_SHARE = 0.5

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
_NUCLEUS = (
    "iê|yê|uô|ươ|oă|oa|oe|oo|uâ|uê|uy|uyê|uơ|ia|ya|ua|ưa|ai|ao|au|ay|âu|ây|eo|êu|iu|iêu|yêu|oi|ôi|ơi|ui|uôi|ưi"
    "|ươi|ưu|ươu|oai|oay|oao|uây|uya|uyu|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_NUCLEUS})(?:ch|ng|nh|[cmnpt])?")
_WORD = re.compile(r"[^\W\d_]+")
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")


def to_text(raw: bytes, declared: str | None) -> tuple[str, bool]:
    """The text (not yet NFC) and whether its charset is only a guess that may be wrong."""
    if raw.isascii() and (declared is None or _codec(declared) not in {"utf-7", "iso2022_jp", "hz"}):
        return raw.decode("ascii"), False
    name = (declared or "").strip().strip("'\"").lower()
    if name in _VISCII_NAMES:
        return decode(raw, VISCII), False
    if name in _TCVN_NAMES:
        return decode(raw, TCVN), False
    codec = _codec(name) if name else None
    for candidate in (codec, "utf-8"):
        text = _strict(raw, candidate) if candidate and candidate not in _CARELESS else None
        if text is not None:
            return text, False
    return _detected(raw)


def _codec(name: str) -> str | None:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs that turn bytes into bytes (zip, hex) are no charsets; unpacking one would be a bomb.
    name = info.name.replace("-", "_") if info.name.startswith(("unicode", "raw")) else info.name
    return name if getattr(info, "_is_text_encoding", True) and name not in _FORBIDDEN else None


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None


def _detected(raw: bytes) -> tuple[str, bool]:
    sample = raw[:20_000]
    readings = {
        "cp1258": _strict(sample, "cp1258"),
        "viscii": decode(sample, VISCII),
        "tcvn": decode(sample, TCVN),
    }
    shares = {name: vietnamese_share(text) for name, text in readings.items() if text is not None}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] < _MIN_SHARE:
        return raw.decode("cp1252", "replace") if _strict(raw, "cp1252") else raw.decode("latin-1"), True
    if best == "cp1258":
        return raw.decode("cp1258", "replace"), False
    return decode(raw, VISCII if best == "viscii" else TCVN), False


def vietnamese_share(text: str) -> float:
    """Share of possible Vietnamese syllables among the words with letters outside ASCII; 0 without any."""
    words = [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def is_syllable(word: str) -> bool:
    """Whether the word has the form of one Vietnamese syllable, in one letter case, with at most one tone."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    base = parts.translate(_TONES)
    return len(parts) - len(base) <= 1 and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", base)))
