"""How long personal data is kept, and by when a person's request about it is owed: one table, pure rules.

Years count from the end of the matter. Whether a matter is running or held is asked of the database by whoever erases.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from feedback.clock import in_hanoi
from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind
from feedback.domain.terms import Rule as TermRule
from feedback.domain.terms import Term

Word = TypeVar("Word", bound=StrEnum)

MOST_YEARS = 100
BASES = frozenset({"law", "giả định"})


class Subject(StrEnum):
    """What a rule is about. `RAW_BODY` and `UPLOAD` belong to a ticket and count from its end."""

    TICKET = "ticket"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"
    RAW_BODY = "raw_body"
    UPLOAD = "upload"
    LOGIN = "login"
    """Counted only: log-ins stand in the audit trail, which nobody erases."""


class Outcome(StrEnum):
    """How a ticket ended, as far as keeping it matters."""

    SETTLED = "settled"
    REJECTED = "rejected"
    HANDED_OVER = "handed_over"
    SPAM = "spam"


class Request(StrEnum):
    """What a person may ask about the own data."""

    ACCESS = "access"
    CORRECT = "correct"
    DELETE = "delete"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Rule:
    """`years` to keep one `subject`; `outcome` None stands for every outcome without a rule of its own."""

    subject: Subject
    years: int
    assumed: bool
    source: str
    kind: Kind | None = None
    outcome: Outcome | None = None

    @property
    def id(self) -> str:
        """As the register of deletions names it: "ticket.report.rejected", "upload"."""
        return ".".join(part.value for part in (self.subject, self.kind, self.outcome) if part is not None)


@dataclass(frozen=True, slots=True)
class Plan:
    """All rules of one version. `version` carries a fingerprint, so that an edit can never pass unnoticed."""

    version: str
    rules: tuple[Rule, ...]
    answer: TermRule
    carry_out: Mapping[Request, TermRule]

    def outcomes_of(self, rule: Rule) -> frozenset[Outcome]:
        """The outcomes that fall under a ticket's rule."""
        if rule.outcome is not None:
            return frozenset({rule.outcome})
        own = {other.outcome for other in self.rules if other.kind is rule.kind}
        return frozenset(Outcome) - own


def cutoff(years: int, now: datetime) -> datetime:
    """What ended at this instant or before it may go: the same day and hour `years` ago on a Hanoi calendar.

    29 February goes back to 28 February: rather a day too long than a day too short.
    """
    local = in_hanoi(now)
    try:
        return local.replace(year=local.year - years)
    except ValueError:
        return local.replace(year=local.year - years, day=28)


@cache
def shipped() -> Plan:
    """The table of `feedback/data/retention.toml`."""
    return parse((files("feedback.data") / "retention.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Plan:
    """Read a table of retention. Raises InvalidInput that names the faulty or missing line."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise InvalidInput(f"Bảng thời hạn lưu không đọc được: {fault}") from fault
    _check_keys(raw, {"version", "tickets", "others", "answer", "carry_out"}, "bảng")
    rules = (*_ticket_rules(raw.get("tickets", ())), *_other_rules(raw.get("others", ())))
    _check_complete(rules)
    return Plan(
        version=f"{raw.get('version', '')}-{hashlib.sha256(text.encode()).hexdigest()[:8]}",
        rules=rules,
        answer=_term(raw.get("answer"), "answer"),
        carry_out={
            kind: _term(raw.get("carry_out", {}).get(kind.value), f"carry_out.{kind}") for kind in Request
        },
    )


def _ticket_rules(rows: Any) -> Iterator[Rule]:
    for row in rows:
        _check_keys(row, {"kind", "outcome", "years", "basis", "source"}, "tickets")
        outcome = _one_of(Outcome, row["outcome"], "tickets.outcome") if "outcome" in row else None
        yield _rule(row, Subject.TICKET, _one_of(Kind, row.get("kind"), "tickets.kind"), outcome)


def _other_rules(rows: Any) -> Iterator[Rule]:
    for row in rows:
        _check_keys(row, {"subject", "years", "basis", "source"}, "others")
        subject = _one_of(Subject, row.get("subject"), "others.subject")
        if subject is Subject.TICKET:
            raise InvalidInput("others.subject: thời hạn của hồ sơ ghi ở mục tickets, theo từng loại.")
        yield _rule(row, subject, None, None)


def _rule(row: Mapping[str, Any], subject: Subject, kind: Kind | None, outcome: Outcome | None) -> Rule:
    years = row.get("years")
    if not isinstance(years, int) or isinstance(years, bool) or not 1 <= years <= MOST_YEARS:
        raise InvalidInput(f"{kind or subject}: số năm lưu phải là số nguyên từ 1 đến {MOST_YEARS}.")
    return Rule(subject, years, *_basis(row, str(kind or subject)), kind, outcome)


def _term(row: Any, name: str) -> TermRule:
    if not isinstance(row, Mapping):
        raise InvalidInput(f"Bảng thời hạn lưu thiếu mục {name}.")
    return TermRule(Term.parse(str(row.get("term", ""))), *_basis(row, name))


def _basis(row: Mapping[str, Any], name: str) -> tuple[bool, str]:
    if row.get("basis") not in BASES or not str(row.get("source", "")).strip():
        raise InvalidInput(f"{name}: cần ghi basis (law hoặc giả định) và source.")
    return row["basis"] != "law", str(row["source"])


def _one_of(words: type[Word], value: Any, name: str) -> Word:
    try:
        return words(value)
    except ValueError:
        raise InvalidInput(f"{name}: không biết “{value}”.") from None


def _check_keys(row: Mapping[str, Any], known: set[str], name: str) -> None:
    if unknown := sorted(set(row) - known):
        raise InvalidInput(f"{name}: không biết mục {', '.join(unknown)}.")


def _check_complete(rules: tuple[Rule, ...]) -> None:
    """Every kind and every other subject exactly once: what no rule names would be kept for ever unnoticed."""
    ids = [rule.id for rule in rules]
    if doubled := sorted({name for name in ids if ids.count(name) > 1}):
        raise InvalidInput(f"Thời hạn lưu ghi hai lần: {', '.join(doubled)}.")
    needed = {f"ticket.{kind}" for kind in Kind} | {s.value for s in Subject if s is not Subject.TICKET}
    if missing := sorted(needed - set(ids)):
        raise InvalidInput(f"Chưa có thời hạn lưu cho: {', '.join(missing)}.")
