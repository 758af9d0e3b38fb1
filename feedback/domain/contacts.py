"""Phone numbers and mail addresses: one written form, masks for lists, a comparison that leaks nothing."""

from __future__ import annotations

import hmac
import re
import unicodedata

_MARKS = re.compile(r"[\s.\-()\u2010-\u2015\u2212/]+")
_NATIONAL = re.compile(r"(?:(?:\+84|0084|84)0?|0)([35789][0-9]{8}|2[0-9]{9})")
_FOREIGN = re.compile(r"\+([1-9][0-9]{7,14})")
_EMAIL = re.compile(r"[^\s@<>\"(),;:\\\[\]]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_]{2,63}")

_GAP = r"[ .\-\u00a0\u2010-\u2015]{0,2}"
_EMAIL_IN_TEXT = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_IDENTITY_IN_TEXT = re.compile(rf"(?<!\d)(?:\d{_GAP}){{11}}\d(?!\d)")
_PHONE_IN_TEXT = re.compile(
    rf"(?<!\d)(?:(?:\+84|0084|84|0){_GAP}(?:\d{_GAP}){{8,9}}|\+(?:\d{_GAP}){{8,14}})\d(?!\d)"
)
_LONG_NUMBER = re.compile(r"\d{9,}")
"""Telephone numbers of any country, and the user ids of chat providers."""
_MASK = "•"


def normalise_phone(text: str) -> str | None:
    """E.164 ("+84900000012"), or None. Reads 0…, 84…, 0084…, +84 (0)…, dots, spaces and dashes."""
    digits = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    if national := _NATIONAL.fullmatch(digits):
        return f"+84{national[1]}"
    foreign = _FOREIGN.fullmatch(digits)
    if foreign is None or foreign[1].startswith("84"):
        return None
    return f"+{foreign[1]}"


def normalise_email(text: str) -> str | None:
    """Lower case, without spaces round it, or None. At most 254 characters (RFC 5321)."""
    address = unicodedata.normalize("NFKC", text).strip().lower()
    return address if len(address) <= 254 and _EMAIL.fullmatch(address) else None


def mask_phone(phone: str) -> str:
    """The last two digits only, so that a caller can still be told "the number ending in 12"."""
    return _keep_last_two(phone)


def mask_email(address: str) -> str:
    """First letter and domain: `n•••@example.test`."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}{_MASK * 3}{at}{domain}" if at else _MASK * 3


def mask_text(text: str) -> str:
    """Free text with phones, mail addresses and 12-digit identity numbers masked.

    The length never changes, so that evidence spans (code points) still point at the right words.
    """
    text = _EMAIL_IN_TEXT.sub(lambda match: _MASK * len(match[0]), text)
    text = _IDENTITY_IN_TEXT.sub(lambda match: _MASK * len(match[0]), text)
    return _PHONE_IN_TEXT.sub(lambda match: _keep_last_two(match[0]), text)


def mask_refusal(text: str) -> str:
    """What a provider said of a failed delivery, without the address it quotes: it goes into rows nobody can erase."""
    return _LONG_NUMBER.sub(lambda match: _MASK * len(match[0]), mask_text(text))


def matches(stored: str | None, typed: str) -> bool:
    """Whether what a citizen typed is the stored phone or address. Every wrong answer takes the same time."""
    expected = canonical(stored or "")
    same = hmac.compare_digest(expected.encode(), canonical(typed).encode())
    return same and bool(expected)


def canonical(value: str) -> str:
    """The one written form of a phone number or mail address; empty for anything else."""
    return normalise_phone(value) or normalise_email(value) or ""


def _keep_last_two(number: str) -> str:
    return "".join(_MASK if char.isdigit() else char for char in number[:-2]) + number[-2:]
