"""Numbers and plates that were said aloud: `không chín một hai …`, `biển số hai chín a …`, with or without accents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase

from classifier.pii import context
from classifier.pii.found import Found
from classifier.pii.numbers import Atom, owned
from classifier.pii.people import plain
from classifier.pii.seen import Seen
from classifier.pii.wordlists import values, words

DIGITS = values("digits")
"""Digits as they are said, with accents and without."""
_TEN = frozenset({"mười", "muoi"})
_TENS = frozenset({"mươi", "muoi"})
_HUNDREDS = frozenset({"trăm", "tram"})
TIMES = frozenset({"số", "so", "con"})
FILLERS = frozenset({"à", "ờ", "ừ", "ơ", "dạ", "ạ", "rồi", "chấm", "cham", "roi", "da", "a", "u"})
_LETTERS = values("letters")
BREAKS = frozenset({"gạch", "gach", "ngang", "trừ", "chấm", "cham", "phẩy"})

_WORD = re.compile(r"[a-z]+|[0-9]+")
_LEAST = 6
# Every way to say a digit, in the form of `Seen.words`.
_SPOKEN = frozenset(word for word in DIGITS if word.isascii()) | {"muoi"}
_BEFORE = re.compile(r"(?<![a-z0-9])([a-z]{1,3}) \Z")
_PLUS = re.compile("(?<!\\w)c(?:ộ|ô\u0323|o\u0323\u0302|o)ng \\Z", re.IGNORECASE)
_INSURED = frozenset(words("insured"))
# A passport, or an insurance card.
_LETTERED = (6, 7, 8, 13)
_PLATE_SAID = re.compile(
    r"(?<![a-z])(?:bien(?: so| kiem soat| xanh| trang| vang| do)?|bang so|bks|bsx)"
    r"(?: (?:xe|cua|no|la|so|toi|con|em|mang|duoi|ghi|ben)){0,4}[ :]{1,2}(?=[a-z0-9])"
)
_SAID_DIGIT = f"(?:{'|'.join(sorted(_SPOKEN - {'muoi', 'o'}))})"
# Without its word a plate is two digits, a letter by its name and digits again.
_PLATE_SHAPE = re.compile(
    rf"(?<![a-z]){_SAID_DIGIT} (?:muoi(?: {_SAID_DIGIT})?|{_SAID_DIGIT}) "
    rf"(?:{'|'.join(sorted({*filter(str.isascii, map(plain, _LETTERS)), *ascii_lowercase}))})"
    rf" (?:(?:[a-z]|gach|de|cham) )?(?={_SAID_DIGIT}(?: (?:{_SAID_DIGIT}|so|muoi|gach|cham)){{3}}(?![a-z]))"
)
_ADDRESSED = frozenset(
    {"tầng", "căn", "phòng", "tòa", "toà", "nhà", "lô", "ngõ", "ngách", "đường", "khu", "tổ", "hộ", "số"}
)


def numbers(seen: Seen) -> Iterator[Found]:
    """Phones, identity numbers and the like, said digit by digit."""
    if _SPOKEN.isdisjoint(seen.words):
        return
    for atoms in _runs(seen):
        if len(atoms) >= _LEAST and any(len(atom.digits) == 1 for atom in atoms):
            lettered = _lettered(seen, atoms)
            yield from (lettered,) if lettered else _with_plus(seen, owned(seen, atoms))


def _lettered(seen: Seen, atoms: list[Atom]) -> Found | None:
    """A passport or a health-insurance card: one or two letters by their names, then all the digits."""
    length = sum(len(atom.digits) for atom in atoms)
    if length not in _LETTERED:
        return None
    start, letters = atoms[0].start, ""
    while len(letters) < 2 and (match := _BEFORE.search(seen.plain, max(0, start - 8), start)):
        word = seen.written(*match.span(1))
        if word in _INSURED and length == 13 and not letters:
            start, letters = match.start(1), word
            break
        if not (letter := _letter(word)):
            break
        start, letters = match.start(1), letter + letters
    if length == 13:
        known = letters in _INSURED and atoms[0].digits[0] in "12345"
        return Found("insurance", *seen.span(start, atoms[-1].end)) if known else None
    if not letters or context.label(seen.plain, start) != "passport":
        return None
    return Found("passport", *seen.span(start, atoms[-1].end))


def _with_plus(seen: Seen, pieces: Iterator[Found]) -> Iterator[Found]:
    """`cộng tám tư chín …` is +849…"""
    for each in pieces:
        said = (
            _PLUS.search(seen.original, max(0, each.start - 8), each.start) if each.kind == "phone" else None
        )
        yield Found(each.kind, said.start(), each.end) if said else each


def _runs(seen: Seen) -> Iterator[list[Atom]]:
    """Runs of digits as they were said; words between them are forgiven once."""
    run: list[Atom] = []
    tokens = list(_WORD.finditer(seen.plain))
    at, idle = 0, 0
    while at < len(tokens):
        token = tokens[at]
        word = seen.written(*token.span())
        if run and not _close(seen, run[-1].end if not idle else tokens[at - 1].end(), token.start()):
            yield run
            run, idle = [], 0
        if run and word in TIMES and _multiply(seen, run, tokens, at):
            at, idle = at + 2, 0
            continue
        said = _said(seen, run, tokens, at, word)
        if said is not None:
            run += [Atom(digit, token.start(), token.end()) for digit in said]
            idle = 0
        elif run and idle < 2 and word in FILLERS:
            idle += 1
        elif run:
            yield run
            run, idle = [], 0
        at += 1
    if run:
        yield run


def _close(seen: Seen, end: int, start: int) -> bool:
    return start - end <= 3 and not seen.plain[end:start].strip(" ,.-\n")


def _said(seen: Seen, run: list[Atom], tokens: list[re.Match[str]], at: int, word: str) -> list[str] | None:
    """The digits of one word; None when it is no number."""
    if word.isdigit() and word.isascii():
        return list(word) if len(word) <= 12 else None
    following = _digit(seen, tokens, at + 1)
    if run and word in _TENS and run[-1].end >= tokens[at].start() - 2 and run[-1].digits not in "01":
        return [] if following else ["0"]
    if run and word in _HUNDREDS and run[-1].digits != "0":
        # `chín trăm`, `chín trăm linh năm`, `chín trăm hai mươi`.
        return _hundreds(seen, tokens, at)
    if word in _TEN:
        return ["1"] if following else ["1", "0"]
    digit = DIGITS.get(word)
    return None if digit is None else [digit]


def _hundreds(seen: Seen, tokens: list[re.Match[str]], at: int) -> list[str]:
    first, second = (
        seen.written(*token.span()) for token in (tokens[at + 1 : at + 3] + [tokens[at]] * 2)[:2]
    )
    if first in ("linh", "lẻ", "le") or first in _TEN or second in _TENS or second in ("lăm", "mốt"):
        return []
    return ["0", "0"]


def _digit(seen: Seen, tokens: list[re.Match[str]], at: int) -> str | None:
    return DIGITS.get(seen.written(*tokens[at].span())) if at < len(tokens) else None


def _multiply(seen: Seen, run: list[Atom], tokens: list[re.Match[str]], at: int) -> bool:
    """`ba số không` is 000; true when the last digit of the run was such a count."""
    digit = _digit(seen, tokens, at + 1)
    if digit is None or run[-1].digits not in "23456789":
        return False
    count = run.pop()
    run += [Atom(digit, count.start, tokens[at + 1].end())] * int(count.digits)
    return True


def plates(seen: Seen) -> Iterator[Found]:
    """A plate after `biển số`: two digits, a letter by its name, at least four digits."""
    starts = {match.end(): 4 for match in _PLATE_SAID.finditer(seen.plain)}
    if seen.accented:
        for match in _PLATE_SHAPE.finditer(seen.plain):
            ahead = seen.written(max(0, match.start() - 12), match.start()).split() if match.start() else []
            if not ahead or ahead[-1] not in _ADDRESSED:
                starts.setdefault(match.start(), 5)
    for start, least in starts.items():
        read = ""
        end = last = start
        tokens = list(_WORD.finditer(seen.plain, start, start + 120))
        for at, token in enumerate(tokens):
            if read and token[0] in TIMES and read[-1] in "2345" and (digit := _digit(seen, tokens, at + 1)):
                # `ba số không`: the digit itself is read next.
                read, last = read[:-1] + digit * (int(read[-1]) - 1), token.end()
                continue
            part = _plate_part(seen, tokens, at, len(read))
            if part is None or not _close(seen, last, token.start()):
                break
            read, last = read + part, token.end()
            # A full stop said at the end is not part of the plate.
            end = last if part else end
        if re.fullmatch(rf"[1-9][0-9][a-z]{{1,2}}[0-9]{{{least},6}}", read):
            yield Found("plate", *seen.span(start, end))


def _letter(word: str) -> str:
    """The letter that a word is the name of, or that it is."""
    return _LETTERS.get(word, word if len(word) == 1 and "a" <= word <= "z" else "")


def _plate_part(seen: Seen, tokens: list[re.Match[str]], at: int, length: int) -> str | None:
    word = seen.written(*tokens[at].span())
    if word in _TENS and length == 1:
        return "" if _digit(seen, tokens, at + 1) else "0"
    if word in BREAKS:
        return ""
    if word in _TEN and length > 2:
        return "1" if _digit(seen, tokens, at + 1) else "10"
    if length in (2, 3) and (letter := _letter(word)):
        return letter
    if word.isdigit() and word.isascii():
        return word
    return DIGITS.get(word)
