"""Numbers and plates that were said aloud: `không chín một hai …`, `biển số hai chín a …`, with or without accents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.pii import context
from classifier.pii.found import Found
from classifier.pii.numbers import Atom, owned
from classifier.pii.seen import Seen
from classifier.pii.wordlists import values, words

DIGITS = values("digits")
"""Digits as they are said, with accents and without."""
_TEN = frozenset({"mười", "muoi"})
_TENS = frozenset({"mươi", "muoi"})
TIMES = frozenset({"số", "so", "con"})
FILLERS = frozenset({"à", "ờ", "ừ", "ơ", "dạ", "ạ", "rồi", "chấm", "cham", "roi", "da", "a", "u"})
_LETTERS = values("letters")
_BREAKS = frozenset({"gạch", "gach", "ngang", "trừ", "chấm", "cham", "phẩy"})

_WORD = re.compile(r"[a-z]+|[0-9]+")
_LEAST = 6
# Every way to say a digit, in the form of `Seen.words`.
_SPOKEN = frozenset(word for word in DIGITS if word.isascii()) | {"muoi"}
_BEFORE = re.compile(r"(?<![a-z0-9])([a-z]{1,3}) \Z")
_PLUS = re.compile("(?<!\\w)c(?:ộ|ô\u0323|o\u0323\u0302|o)ng \\Z", re.IGNORECASE)
_INSURED = frozenset(words("insured"))
_LENGTHS = {"insurance": (13,), "passport": (6, 7, 8)}
_PLATE_SAID = re.compile(
    r"(?<![a-z])(?:bien(?: so| kiem soat)?|bks|bsx)(?: (?:xe|cua|no|la|so)){0,3}[ :]{1,2}(?=[a-z0-9])"
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
    hint = context.label(seen.plain, atoms[0].start)
    length = sum(len(atom.digits) for atom in atoms)
    if length not in _LENGTHS.get(hint, ()):
        return None
    start, letters = atoms[0].start, 0
    while letters < 2 and (match := _BEFORE.search(seen.plain, max(0, start - 8), start)):
        word = seen.written(*match.span(1))
        if word in _INSURED:
            return Found(hint, *seen.span(match.start(1), atoms[-1].end)) if not letters else None
        if word not in _LETTERS and not (len(word) == 1 and "a" <= word <= "z"):
            break
        start, letters = match.start(1), letters + 1
    wanted = (2,) if hint == "insurance" else (1, 2)
    return Found(hint, *seen.span(start, atoms[-1].end)) if letters in wanted else None


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
    if word in _TEN:
        return ["1"] if following else ["1", "0"]
    digit = DIGITS.get(word)
    return None if digit is None else [digit]


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
    for match in _PLATE_SAID.finditer(seen.plain):
        read, start = "", match.end()
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
        if re.fullmatch(r"[1-9][0-9][a-z]{1,2}[0-9]{4,6}", read):
            yield Found("plate", *seen.span(start, end))


def _plate_part(seen: Seen, tokens: list[re.Match[str]], at: int, length: int) -> str | None:
    word = seen.written(*tokens[at].span())
    if word in _TENS and length == 1:
        return "" if _digit(seen, tokens, at + 1) else "0"
    if word in _BREAKS:
        return ""
    if length in (2, 3) and word in _LETTERS:
        return _LETTERS[word]
    if word.isdigit() and word.isascii():
        return word
    return DIGITS.get(word)
