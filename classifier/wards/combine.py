"""Puts clues together: intersection first, then weights; clues that cannot all be true form rival groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import prod

from classifier.wards.clue import Clue
from classifier.wards.senses import Kind
from classifier.wards.units import unit

# Explicit names before tables, tables before districts, hints last; within a rank the order of the text is ignored.
_RANK = {
    "new_level": 0, "old_marked": 0, "old_level": 1, "landmark_level": 2, "street_level": 2, "new_bare": 3,
    "landmark_bare": 3, "old_bare": 3, "street_bare": 4, "district_level": 5, "district_bare": 5, "named_after": 6,
}  # fmt: skip
_EXPLICIT = frozenset(
    {
        "new_level",
        "old_marked",
        "old_level",
        "new_bare",
        "old_bare",
        "landmark_level",
        "street_level",
        "landmark_bare",
        "street_bare",
    }
)
# A hint below this strength re-weights the units of a group but never throws one out.
_SOFT = 0.65
# One below this throws units out of the first places only.
_DOUBTED = 0.9


@dataclass(slots=True)
class Group:
    """Clues that can be true together, and the units that satisfy them all with their relative weights."""

    weights: dict[str, float]
    clues: list[Clue] = field(default_factory=list)

    @property
    def support(self) -> float:
        """Probability that the place lies in these units, taking the clues as independent."""
        best: dict[tuple[Kind, str], float] = {}
        for clue in self.clues:
            key = (clue.kind, clue.name)
            best[key] = max(best.get(key, 0.0), clue.strength)
        return min(0.99, 1 - prod(1 - strength for strength in best.values()))

    @property
    def aside(self) -> bool:
        """Every name tells only where the writer lives; a district beside it changes nothing."""
        named = [clue for clue in self.clues if clue.pattern in _EXPLICIT] or self.clues
        return all(clue.aside for clue in named)

    @property
    def explicit(self) -> bool:
        """A unit, street or building is named; not only a district or a hint."""
        return any(clue.pattern in _EXPLICIT for clue in self.clues)

    @property
    def hint(self) -> bool:
        """Only things that carry a place's name; less than a home or a neighbour plainly named."""
        return all(clue.pattern == "named_after" for clue in self.clues)

    def spare(self) -> list[str]:
        """Units that only clues of some doubt have thrown out: every firm clue allows them, or no clue is firm."""
        telling = [clue for clue in self.clues if clue.strength >= _SOFT]
        firm = [clue for clue in telling if clue.strength >= _DOUBTED or clue.kind in (Kind.NEW, Kind.OLD)]
        allowed = dict.fromkeys(code for clue in firm or telling for code in clue.codes)
        return [
            code for code in allowed if code not in self.weights and all(code in clue.codes for clue in firm)
        ]

    def accept(self, clue: Clue) -> bool:
        """Narrow by the clue when something is left; False when it contradicts the group."""
        shared = [code for code in self.weights if code in clue.codes]
        if not shared and clue.extra:
            shared = [code for code in self.weights if code in clue.extra]
        if not shared:
            return self._moved_to_namesake(clue)
        if clue.strength < _SOFT:
            for code in shared:
                self.weights[code] *= (1 + 2 * clue.strength) * clue.weight(code)
        else:
            self.weights = {code: self.weights[code] * clue.weight(code) for code in shared}
        self.clues.append(clue)
        return True

    def _moved_to_namesake(self, clue: Clue) -> bool:
        """phố Bà Triệu + quận Hà Đông: the lesser street of that name was meant."""
        namesakes = {code for known in self.clues for code in known.extra if code in clue.codes}
        if namesakes and len(self.clues) == 1:
            self.weights = dict.fromkeys(sorted(namesakes), 1.0)
            self.clues.append(clue)
            return True
        return False


def groups(clues: Iterable[Clue]) -> list[Group]:
    """Rival groups, the best supported first."""
    found: list[Group] = []
    for clue in sorted(
        clues, key=lambda each: (_RANK[each.pattern], len(each.codes), each.codes, each.start)
    ):
        taken = [group for group in found if group.accept(clue)]
        if not taken:
            found.append(_start(clue))
    if len(found) > 1:
        found.sort(key=_order)
    return found


def _order(group: Group) -> tuple[bool, bool, bool, float, list[str]]:
    return group.hint, group.aside, not group.explicit, -group.support, sorted(group.weights)


def _start(clue: Clue) -> Group:
    # The new unit that kept the old name usually kept its centre as well.
    weights = {
        code: (1.3 if unit(code).name == clue.name else 1.0) * clue.weight(code) for code in clue.codes
    }
    return Group(weights, [clue])


def confidence(found: list[Group]) -> float:
    """Probability that the truth lies in the first group, given its rivals."""
    best = found[0]
    doubt = 0.0
    for rival in found[1:]:
        if rival.aside:
            doubt += 0.05 * rival.support
        elif rival.explicit and best.explicit:
            doubt += (0.9 if _named(rival) >= _named(best) else 0.12) * rival.support
        else:
            doubt += 0.08 * rival.support
    return best.support / (1 + doubt)


def _named(group: Group) -> int:
    """How plainly a group is named: 2 a unit with its level word, 1 other explicit clues."""
    return 2 if any(clue.pattern in ("new_level", "old_marked", "old_level") for clue in group.clues) else 1
