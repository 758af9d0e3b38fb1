"""Terms: a number that never loses its unit, and the table of what is due when, with its exceptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind, Level
from feedback.domain.worktime import Hours


class Unit(StrEnum):
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "d"


_WRITTEN = re.compile(r"([0-9]{1,4})(wh|wd|d)")
_TITLES = {
    Unit.WORKING_HOURS: "giờ làm việc",
    Unit.WORKING_DAYS: "ngày làm việc",
    Unit.CALENDAR_DAYS: "ngày",
}


@dataclass(frozen=True, slots=True)
class Term:
    """`number` of `unit`. Raises InvalidInput unless the number is positive."""

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.number <= 0:
            raise InvalidInput("Thời hạn phải lớn hơn 0.")

    @classmethod
    def parse(cls, text: str) -> Term:
        """Read "4wh", "5wd" or "30d". Raises InvalidInput for anything else, also for zero."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise InvalidInput("Thời hạn viết dạng 4wh (giờ làm việc), 5wd (ngày làm việc) hoặc 30d (ngày).")
        return cls(int(match[1]), Unit(match[2]))

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def title(self) -> str:
        """As a citizen reads it: "5 ngày làm việc"."""
        return f"{self.number} {_TITLES[self.unit]}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One term and where it comes from. `assumed`: no public source, a setting of this service."""

    term: Term
    assumed: bool
    source: str


@dataclass(frozen=True, slots=True)
class LegalTerm:
    """A statutory term of another procedure, shown as information only."""

    kind: Kind
    title: str
    term: Term
    source: str


class Part(StrEnum):
    """The two things a ticket is measured by."""

    RECEIVE = "receive"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Matter:
    """What the terms look at. `ward`: the ward that has the ticket, None at the Centre."""

    level: Level
    kind: Kind
    field: str | None = None
    ward: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A term for some matters only: every criterion that is given must fit, and the narrowest override wins.

    An override reaches the urgent level only by naming it: its term is law, and a broad exception must not lengthen it.
    """

    part: Part
    rule: Rule
    level: Level | None = None
    field: str | None = None
    kind: Kind | None = None
    ward: str | None = None

    @property
    def scope(self) -> tuple[str | None, str | None, str | None, str | None]:
        """Ward before field before kind before level; two overrides of one part never share a scope."""
        return (self.ward, self.field, self.kind, self.level)

    @property
    def weight(self) -> tuple[bool, ...]:
        return tuple(criterion is not None for criterion in self.scope)

    def fits(self, part: Part, matter: Matter) -> bool:
        if part is not self.part or (matter.level is Level.URGENT and self.level is not Level.URGENT):
            return False
        facts = (matter.ward, matter.field, matter.kind, matter.level)
        return all(wanted in (None, fact) for wanted, fact in zip(self.scope, facts, strict=True))


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms of one version, in force for tickets received from `valid_from` on.

    `version` carries a fingerprint, so that an edit can never pass unnoticed. `wall_clock`: levels whose hours run day
    and night. `hours`: weekly hours of wards that differ. `pauses`: the longest pause for each reason. `extension`: the
    longest one that may be granted. `steps`: shares of the term, in per cent, at which somebody is told.
    """

    version: str
    valid_from: datetime
    receive: Rule
    forward: Rule
    hand_over: Rule
    levels: Mapping[Level, Rule]
    legal: tuple[LegalTerm, ...]
    overrides: tuple[Override, ...]
    wall_clock: frozenset[Level]
    hours: Mapping[str, Hours]
    pauses: Mapping[str, Rule]
    extension: Rule
    steps: tuple[int, ...]

    def receive_rule(self, matter: Matter) -> Rule:
        """What taking the matter in is measured by."""
        return self._override(Part.RECEIVE, matter) or self.receive

    def answer_rule(self, matter: Matter) -> Rule:
        """What the answer, or the handing over of a complaint or denunciation, is measured by."""
        return self._override(Part.ANSWER, matter) or self.answer(matter.level, matter.kind)

    def answer(self, level: Level, kind: Kind) -> Rule:
        """The rule where no override fits."""
        if level is not Level.URGENT and kind in (Kind.COMPLAINT, Kind.DENUNCIATION):
            return self.hand_over
        return self.levels[level]

    def legal_terms(self, kind: Kind) -> tuple[LegalTerm, ...]:
        """Statutory terms to tell a citizen about; empty for kinds this service settles itself."""
        return tuple(term for term in self.legal if term.kind is kind)

    def _override(self, part: Part, matter: Matter) -> Rule | None:
        fitting = [override for override in self.overrides if override.fits(part, matter)]
        return max(fitting, key=lambda override: override.weight).rule if fitting else None
