"""Terms: a number that never loses its unit, and the shipped table of what is due when."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind, Level


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

    @property
    def title(self) -> str:
        """As a citizen reads it: "5 ngày làm việc"."""
        return f"{self.number} {_TITLES[self.unit]}"

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


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


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms of one version. `version` carries a fingerprint, so that an edit can never pass unnoticed."""

    version: str
    receive: Rule
    forward: Rule
    hand_over: Rule
    levels: Mapping[Level, Rule]
    legal: tuple[LegalTerm, ...]

    def answer(self, level: Level, kind: Kind) -> Rule:
        """What the answer, or the handing over of a complaint or denunciation, is measured by."""
        if level is not Level.URGENT and kind in (Kind.COMPLAINT, Kind.DENUNCIATION):
            return self.hand_over
        return self.levels[level]

    def legal_terms(self, kind: Kind) -> tuple[LegalTerm, ...]:
        """Statutory terms to tell a citizen about; empty for kinds this service settles itself."""
        return tuple(term for term in self.legal if term.kind is kind)


@cache
def shipped() -> Terms:
    """The table of `feedback/data/terms.toml`."""
    return parse((files("feedback.data") / "terms.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Terms:
    """Read a table of terms. Raises InvalidInput for a bad term, KeyError or ValueError for a bad table."""
    raw = tomllib.loads(text)
    return Terms(
        version=f"{raw['version']}-{hashlib.sha256(text.encode()).hexdigest()[:8]}",
        receive=_rule(raw["receive"]),
        forward=_rule(raw["forward"]),
        hand_over=_rule(raw["hand_over"]),
        levels={level: _rule(raw["levels"][level]) for level in Level},
        legal=tuple(
            LegalTerm(Kind(row["kind"]), row["title"], Term.parse(row["term"]), row["source"])
            for row in raw["legal"]
        ),
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(Term.parse(row["term"]), row["basis"] != "law", row["source"])
