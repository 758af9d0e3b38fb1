"""Terms as a document: read from a shipped file or from the database, checked as a whole, fingerprinted.

A document is plain JSON (TOML in the shipped files). Every fault is one sentence; the first one is raised.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from feedback.clock import HANOI
from feedback.domain.calendar_files import WEEKDAYS, hours_from
from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind, Level
from feedback.domain.reasons import PAUSE
from feedback.domain.terms import LegalTerm, Override, Part, Rule, Term, Terms, Unit
from feedback.domain.worktime import Hours

Document = Mapping[str, Any]

FIRST = "2025-03-01T00:00:00+07:00"
"""Tickets of any age are judged by the shipped terms until a newer version takes over."""
_MOST_STEPS = 8
_DEEPEST = 8
_NAME = re.compile(r"[A-Za-z0-9._-]{0,49}")
"""Forty characters of its own, and the fingerprint."""


class TermsInvalid(InvalidInput):
    """A document of terms contradicts itself, or the law."""

    default_vi = "Bảng thời hạn không hợp lệ."


@cache
def shipped() -> tuple[tuple[Terms, Document], ...]:
    """The documents of `feedback/data/terms`, oldest first; the last is in force for new installations."""
    folder = files("feedback.data.terms")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(from_file((folder / name).read_text(encoding="utf-8")) for name in names)


def current() -> Terms:
    """The newest shipped terms."""
    return shipped()[-1][0]


def from_file(text: str) -> tuple[Terms, Document]:
    """A shipped table, written in TOML, and its document. Raises TermsInvalid."""
    try:
        raw = tomllib.loads(text)
        version = f"{raw['version']}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise TermsInvalid(f"Bảng thời hạn không đọc được: {error}") from error
    document = json.loads(json.dumps(raw, default=str))
    return parse(document, version), document


def read_file(text: str, *, toml: bool) -> Document:
    """A document from a file of the operator's, TOML or JSON, not yet checked. Raises TermsInvalid."""
    try:
        raw = tomllib.loads(text) if toml else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TermsInvalid(f"Bảng thời hạn không đọc được: {error}") from error
    if not isinstance(raw, dict):
        raise TermsInvalid
    found: Document = json.loads(json.dumps(raw, default=str))
    return found


def named(document: Document) -> str:
    """The version of a document: its own name and a fingerprint of everything in it. Raises TermsInvalid."""
    _check_depth(document)
    try:
        content = json.dumps(
            document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        ).encode()
    except ValueError as error:  # half of a pair of surrogates, or a number that is none
        raise TermsInvalid("Bảng thời hạn có ký tự hoặc số không lưu được.") from error
    return f"{document.get('version') or ''}-{hashlib.sha256(content).hexdigest()[:8]}"


def _check_depth(document: Document) -> None:
    """What is nested deeper than terms can be would be copied and written for ever. Raises TermsInvalid."""
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        inner = [list(item.values()) if isinstance(item, Mapping) else item for item in level]
        level = [part for item in inner if isinstance(item, list) for part in item]
    if level:
        raise TermsInvalid


def parse(document: Document, version: str) -> Terms:
    """Read and check a whole document. Raises TermsInvalid with the first fault."""
    try:
        terms = _read(document, version)
    except InvalidInput as fault:
        raise TermsInvalid(fault.message_vi) from fault
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TermsInvalid(f"Bảng thời hạn thiếu hoặc sai mục: {error}") from error
    if not _NAME.fullmatch(version):
        raise TermsInvalid("Tên phiên bản có tối đa 40 chữ cái không dấu, chữ số, dấu chấm, gạch.")
    for sentence in _faults(terms):
        raise TermsInvalid(sentence)
    return terms


def _read(raw: Document, version: str) -> Terms:
    return Terms(
        version=version,
        valid_from=_instant(raw.get("valid_from", FIRST)),
        receive=_rule(raw["receive"]),
        forward=_rule(raw["forward"]),
        hand_over=_rule(raw["hand_over"]),
        levels={level: _rule(raw["levels"][level]) for level in Level},
        legal=tuple(
            LegalTerm(Kind(row["kind"]), row["title"], Term.parse(row["term"]), row["source"])
            for row in raw["legal"]
        ),
        overrides=tuple(map(_override, raw.get("overrides", ()))),
        wall_clock=frozenset(map(Level, raw.get("clock", {}).get("wall", ()))),
        hours={row["ward"]: _hours(row) for row in raw.get("hours", ())},
        pauses={name: _rule(rule) for name, rule in raw.get("pauses", _PAUSES).items()},
        extension=_rule(raw.get("extension", _EXTENSION)),
        steps=tuple(int(step) for step in raw.get("steps", _STEPS)),
    )


_ASSUMED = {"basis": "giả định", "source": "thiết lập của hệ thống"}
_PAUSES = {
    "waiting_citizen": {"term": "5wd", **_ASSUMED},
    "waiting_agency": {"term": "10wd", **_ASSUMED},
    "force_majeure": {"term": "10wd", **_ASSUMED},
}
_EXTENSION = {"term": "10wd", **_ASSUMED}
_STEPS = (50, 80, 100, 150)


def _rule(row: Mapping[str, Any]) -> Rule:
    source = row["source"]
    if not isinstance(source, str):
        raise TypeError("source")
    return Rule(Term.parse(row["term"]), row["basis"] != "law", source)


def _override(row: Mapping[str, Any]) -> Override:
    return Override(
        part=Part(row["part"]),
        rule=_rule(row),
        level=Level(row["level"]) if row.get("level") else None,
        field=row.get("field") or None,
        kind=Kind(row["kind"]) if row.get("kind") else None,
        ward=row.get("ward") or None,
    )


def _hours(row: Mapping[str, Any]) -> Hours:
    """A day that is not named is closed."""
    weekly = {key: periods for key, periods in row.items() if key != "ward"}
    return hours_from({day: [] for day in WEEKDAYS} | weekly, f"ward {row['ward']}")


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)


def _faults(terms: Terms) -> Iterator[str]:
    yield from _lawful(terms)
    scopes = [(override.part, override.scope) for override in terms.overrides]
    if len(scopes) != len(set(scopes)):
        yield "Hai ngoại lệ có cùng phạm vi áp dụng."
    if any(override.scope == (None,) * 4 for override in terms.overrides):
        yield "Ngoại lệ phải nêu phường/xã, lĩnh vực, loại hoặc mức độ."
    if set(terms.pauses) != {reason.id for reason in PAUSE}:
        yield "Mỗi lý do tạm dừng phải có thời gian dài nhất."
    if not _rising(terms.steps):
        yield "Các mốc nhắc hạn phải tăng dần, từ 1 đến 1000 %, nhiều nhất 8 mốc."


def _lawful(terms: Terms) -> Iterator[str]:
    """What the law bounds (Decision 1207/QĐ-UBND; forwards: Decision 31/2021/QĐ-TTg) stays within its bounds."""
    bounds = ((terms.receive, 8), (terms.levels[Level.URGENT], 4))
    rules = [
        *bounds,
        *((o.rule, 8) for o in terms.overrides if o.part is Part.RECEIVE),
        *((o.rule, 4) for o in terms.overrides if o.part is Part.ANSWER and o.level is Level.URGENT),
    ]
    for rule, most in rules:
        if rule.term.unit is not Unit.WORKING_HOURS or rule.term.number > most:
            yield f"Quyết định 1207/QĐ-UBND: không quá {most} giờ làm việc ({rule.term.title})."
    forwards = [o for o in terms.overrides if o.part is Part.ANSWER and o.field == "admin_procedure"]
    for rule in (terms.forward, *(o.rule for o in forwards)):
        if rule.term.unit is Unit.CALENDAR_DAYS or (
            rule.term.unit is Unit.WORKING_DAYS and rule.term.number > 5
        ):
            yield f"Phản ánh về thủ tục hành chính: không quá 5 ngày làm việc ({rule.term.title})."


def _rising(steps: Sequence[int]) -> bool:
    return 0 < len(steps) <= _MOST_STEPS and all(
        low < high for low, high in zip((0, *steps), (*steps, 1001), strict=True)
    )
