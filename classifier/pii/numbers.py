"""Numbers that somebody owns, from atoms of digits, whether they were typed or spoken.

An atom is a group of typed digits or one spoken digit. A number is a run of whole atoms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from classifier.pii import context
from classifier.pii.found import Found
from classifier.pii.seen import Seen
from classifier.pii.wordlists import words

# The first three digits of an identity number: the province of birth, Circular 59/2021/TT-BCA.
_PROVINCES = frozenset(words("provinces"))
# The city's published lines.
_PUBLIC = frozenset({"0768221221", "02410220000"})
# 0, 84 or +84; then a mobile of today, a mobile before 2018, or a fixed line.
_NATIONAL = re.compile(r"(?:0|84|0084)0?(?:[35789][0-9]{8}|1[2689][0-9]{8}|2[0-9]{9})")
# A mobile without its nought; a fixed line of the city without its code.
_LOCAL = re.compile(r"[35789][0-9]{8}|[236][0-9]{7}")
_BEGINS = re.compile("0[1235789]|84|008")
_SERVICE = re.compile(r"1[89]00[0-9]{4,6}")
_SEPARATORS = " .\\-()_"
_GROUP = r"o{0,3}[0-9][0-9o]*"
_RUN = re.compile(
    r"(?:(?<![0-9a-z])|(?<=dt)|(?<=tel)|(?<=stk)|(?<=so))(?<![0-9][.,/:])"
    rf"\(?\+? ?\(?{_GROUP}(?:[{_SEPARATORS}]{{1,3}}(?:{_GROUP}|o{{2,3}}(?![a-z])))*"
)
_ATOM = re.compile(r"[0-9o]+")
_FEWEST_DIGITS, _MOST_DIGITS = 9, 19


_PHONE_BEGINS = re.compile("0[235789]")
_WEAK_HINTS = frozenset({"", "plate", "money", "phone"})


class Atom(NamedTuple):
    """Digits at `start`–`end` of the seen text; `joint` is what stands between it and the atom before."""

    digits: str
    start: int
    end: int
    joint: str = " "


def typed(seen: Seen) -> Iterator[Found]:
    """Every number that was typed in digits, with letters o for noughts among them."""
    for run in _RUN.finditer(seen.plain):
        if run.end() - run.start() < 6:
            continue
        atoms = _atoms(seen, run)
        if atoms:
            yield from owned(seen, atoms)


def _atoms(seen: Seen, run: re.Match[str]) -> list[Atom]:
    atoms: list[Atom] = []
    end = run.start()
    for match in _ATOM.finditer(seen.plain, run.start(), run.end()):
        digits = match[0]
        if "o" in digits:
            letters = seen.written(*match.span())
            if not all(char == "o" or char.isdigit() for char in letters if char.isalnum()):
                break
            digits = digits.replace("o", "0")
        atoms.append(Atom(digits, match.start(), match.end(), seen.plain[end : match.start()]))
        end = match.end()
    return atoms


def owned(seen: Seen, atoms: Sequence[Atom]) -> Iterator[Found]:
    """The personal numbers of one run of atoms, from the left, without overlaps."""
    length = sum(len(atom.digits) for atom in atoms)
    hint = context.label(seen.plain, atoms[0].start) if length > 5 else ""
    if (
        length in (10, 13)
        and hint in _WEAK_HINTS
        and not _PHONE_BEGINS.match(atoms[0].digits + atoms[1 % len(atoms)].digits)
    ):
        hint = context.far(seen.plain, atoms[0].start) or hint
    at = 0
    while at < len(atoms):
        kind, after = _best(seen, atoms, at, hint)
        if kind:
            yield Found(
                kind, *seen.span(_opened(seen, atoms[at], atoms[after - 1].end), atoms[after - 1].end)
            )
            at = after
        else:
            at += 1


def _opened(seen: Seen, first: Atom, end: int) -> int:
    """Where the number begins: with its +, and with a bracket that closes inside it."""
    start = first.start - (len(first.joint) - len(first.joint.rstrip("(+ ")))
    before = seen.plain[start : first.start]
    if ")" not in seen.plain[first.start : end]:
        return first.start - ("+" in before) * (len(before) - before.rfind("+"))
    return start + len(before) - len(before.lstrip())


def _best(seen: Seen, atoms: Sequence[Atom], at: int, hint: str) -> tuple[str, int]:
    """The kind of the number that begins with this atom and the atom after its end; no kind when there is none."""
    if hint == "code" or (at and not hint and atoms[at].digits[0] not in "08" and "+" not in atoms[at].joint):
        return "", at
    if _inside_another(atoms, at):
        return "", at
    if (hint or not at) and (labelled := _by_label(seen, atoms, at, hint)):
        return labelled
    best = ("", at)
    digits = ""
    begun = False
    for after in range(at, len(atoms)):
        digits += atoms[after].digits
        if len(digits) > 2 and not begun:
            begun = _promising(atoms[at], digits)
            if not begun:
                break
        if len(digits) < _FEWEST_DIGITS:
            continue
        if len(digits) > 15:
            break
        kind = _by_shape(atoms[at : after + 1], digits)
        if kind and not (best[0] and kind == "id" and (after < len(atoms) - 1 or hint == "phone")):
            best = (kind, after + 1)
    return best


def _promising(first: Atom, digits: str) -> bool:
    """The cheap question about the first three digits."""
    return digits[:3] in _PROVINCES or _BEGINS.match(digits) is not None or "+" in first.joint


def _inside_another(atoms: Sequence[Atom], at: int) -> bool:
    """The thousands of an amount, or a date."""
    if (
        at
        and atoms[at].joint == "."
        and len(atoms[at - 1].digits) <= 3
        and not atoms[0].digits.startswith("0")
    ):
        return True
    following = [atom.digits for atom in atoms[at : at + 3]]
    if len(following) == 3 and [len(each) for each in following] == [2, 2, 4]:
        day, month, year = map(int, following)
        return 0 < day < 32 and 0 < month < 13 and 1900 <= year < 2100
    return False


def _by_label(seen: Seen, atoms: Sequence[Atom], at: int, hint: str) -> tuple[str, int] | None:
    """A number that only its label makes personal: it ends where the run ends."""
    digits = "".join(atom.digits for atom in atoms[at : at + _MOST_DIGITS])
    after = min(len(atoms), at + _MOST_DIGITS)
    end = atoms[after - 1].end
    if len(digits) > _MOST_DIGITS or len(digits) < 6 or _SERVICE.fullmatch(digits):
        return None
    if hint == "id" and len(digits) in (9, 12):
        return "id", after
    if hint == "tax" and _personal_tax(seen, atoms[at].start, digits):
        return "tax", after
    if hint == "insurance" and len(digits) in (10, 13, 15):
        return "insurance", after
    if hint == "passport" and len(digits) in (8, 9) and after == at + 1:
        return "passport", after
    if hint == "phone" and _LOCAL.fullmatch(digits):
        return "phone", after
    amount = context.counted(seen.plain, end)
    if hint == "account" and not amount:
        return "account", after
    if len(digits) >= 8 and not amount:
        if hint == "bank" and not _thousands(atoms[at:after]):
            return "account", after
        if hint in ("", "account", "money", "phone") and context.bank_follows(seen.plain, end):
            return "account", after
    return None


def _personal_tax(seen: Seen, start: int, digits: str) -> bool:
    if len(digits) == 12:
        return True
    if len(digits) not in (10, 13):
        return False
    own = digits[0] == "8" or context.of_a_person(seen.plain, start)
    return own and not context.of_a_firm(seen.plain, start)


def _thousands(atoms: Sequence[Atom]) -> bool:
    return len(atoms) > 1 and all(atom.joint == "." and len(atom.digits) == 3 for atom in atoms[1:])


def _by_shape(atoms: Sequence[Atom], digits: str) -> str:
    """`id` and `phone` need no label."""
    plus = "+" in atoms[0].joint
    if len(digits) == 12 and digits[:3] in _PROVINCES and digits[3] in "0123" and not plus:
        return "id" if len(atoms) < 5 or len(atoms) == 12 else ""
    if plus and not digits.startswith("84"):
        return "phone" if 9 <= len(digits) <= 14 and digits[0] != "0" else ""
    if not _NATIONAL.fullmatch(digits) or digits in _PUBLIC or _decimal(atoms):
        return ""
    return "phone"


def _decimal(atoms: Sequence[Atom]) -> bool:
    """0.912345678 is a measure."""
    return len(atoms) == 2 and atoms[0].digits == "0" and atoms[1].joint == "."
