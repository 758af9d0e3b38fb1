"""Histories told by hand: what the figures must be, and that every second of them is shown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import HANOI
from feedback.domain.calendar import shipped
from feedback.domain.case import Case, Extension, Pause, answer_due, counted
from feedback.domain.clocks import Clock, OfficeClock, WallClock
from feedback.domain.counting import Cause, answer_steps
from feedback.domain.explanation import Basis, told
from feedback.domain.history import Event, Facts, History, TrailIncomplete, fold
from feedback.domain.kinds import Kind, Level
from feedback.domain.rebuild import rebuild
from feedback.domain.terms import Matter, Term, Terms
from feedback.domain.terms_document import current
from feedback.domain.timeline import How, Off, lay_out

CASES = Path(__file__).parent / "cases" / "stories.toml"
STORIES = {story["name"]: story for story in tomllib.loads(CASES.read_text(encoding="utf-8"))["story"]}
VERSIONS = {"rule_version": "today", "calendar_version": "today"}
OFFICE = OfficeClock(shipped())


class Today:
    """The shipped rules, whatever version is asked for."""

    def basis(self, rule_version: str, calendar_version: str, matter: Matter) -> tuple[Terms, Clock]:
        return current(), OFFICE


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def row(when: str, action: str, after: Mapping[str, Any]) -> Event:
    said = dict(after)
    if "paused_until" in said:
        said["paused_until"] = at(said["paused_until"]).isoformat() if said["paused_until"] else None
    if action == "triaged":
        said |= VERSIONS
    reason = "waiting_citizen" if action == "paused" else None
    return Event(at(when), action, "Lan", 7, reason, said)


def history(story: Mapping[str, Any]) -> History:
    steps = [[story["received"], "received", {"state": "new"}], *story["steps"]]
    return fold(row(*step) for step in steps)


def instant(text: str | None) -> datetime | None:
    return at(text) if text else None


@pytest.mark.parametrize("name", STORIES)
def test_what_was_worked_out_by_hand(name: str) -> None:
    story = STORIES[name]
    found = rebuild(history(story), Today()).columns
    wanted = {
        "received_at": at(story["received"]),
        "receive_due_at": at(story["receive_due"]),
        "answer_due_at": at(story["answer_due"]),
        "answer_worked_seconds": story.get("worked"),
        "answered_on_time": story.get("on_time"),
        "answered_by": 7 if "worked" in story else None,
        "closed_at": instant(story.get("closed")),
        "reopened": story.get("reopened", 0),
        "accepted_at": at(story["steps"][0][0]),
    }
    assert {column: found[column] for column in wanted} == wanted


@pytest.mark.parametrize("name", STORIES)
def test_every_second_is_shown_once(name: str) -> None:
    past = history(STORIES[name])
    now = past.stages[-1].at + timedelta(days=3)
    basis = Basis(current(), OFFICE, "today", fixed=True)
    first = told(past, 0, lambda _: basis, now, {})
    line = first.timeline
    assert line.counted == STORIES[name].get("worked", line.counted)
    edges = [part.start for part in line.intervals] + [line.intervals[-1].end]
    assert [part.end for part in line.intervals] == edges[1:]
    assert line.counted + line.paused + line.off == (edges[-1] - edges[0]) // timedelta(seconds=1)
    assert first.deadlines[1].due == answer_due(
        past.first.case(past.received_at), current().answer_rule(past.first.facts.matter).term, OFFICE
    )


def test_the_intervals_of_one_story_name_everything() -> None:
    story = STORIES["over Tết"]
    past = history(
        {
            **story,
            "steps": [
                story["steps"][0],
                ["2026-02-13T16:45", "assigned", {"assigned_to": 7}],
                story["steps"][1],
            ],
        }
    )
    titles = {date(2026, 2, day): "Tết" for day in range(16, 21)}
    line = lay_out(
        past.first.case(past.received_at), at("2026-02-23T08:30"), past.stages, Facts(), OFFICE, titles
    )
    told_of = [(f"{p.start:%d %H:%M}", p.how, p.why, p.title, p.holder.assigned_to) for p in line.intervals]
    assert told_of[:4] == [
        ("13 16:30", How.COUNTED, None, None, None),
        ("13 16:45", How.COUNTED, None, None, 7),
        ("13 17:00", How.OFF, Off.NIGHT, None, 7),
        ("14 00:00", How.OFF, Off.WEEKEND, None, 7),
    ]
    assert ("16 00:00", How.OFF, Off.HOLIDAY, "Tết", 7) in told_of
    assert told_of[-2:] == [
        ("23 00:00", How.OFF, Off.NIGHT, None, 7),
        ("23 08:00", How.COUNTED, None, None, 7),
    ]


def test_lunch_is_no_night() -> None:
    past = history(
        {**STORIES["answered in the morning"], "steps": [["2026-03-02T08:00", "triaged", {"state": "open"}]]}
    )
    line = lay_out(
        past.first.case(past.received_at), at("2026-03-02T14:00"), past.stages, Facts(), OFFICE, {}
    )
    assert [part.why for part in line.intervals] == [None, Off.LUNCH, None]


def test_day_and_night_everything_counts() -> None:
    past = history(STORIES["written on Saturday night"])
    clock = WallClock(shipped())
    line = lay_out(
        past.first.case(past.received_at), at("2026-03-02T08:00:01"), past.stages, Facts(), clock, {}
    )
    assert {part.how for part in line.intervals} == {How.COUNTED}
    assert line.counted == 33 * 3600 + 1


@pytest.mark.parametrize(
    "events",
    [
        [],
        [("2026-03-02T08:00", "triaged", {"state": "open"})],
        [
            ("2026-03-02T08:00", "received", {"state": "new"}),
            ("2026-03-02T09:00", "paused", {"paused_until": "x"}),
        ],
        [
            ("2026-03-02T08:00", "received", {"state": "new"}),
            ("2026-03-02T09:00", "extension_approved", {"term": "0wd"}),
        ],
        [
            ("2026-03-02T08:00", "received", {"state": "new"}),
            ("2026-03-02T09:00", "routed", {"state": "gone"}),
        ],
    ],
)
def test_what_is_no_trail_of_a_ticket_is_refused(events: list[tuple[str, str, dict[str, str]]]) -> None:
    rows = [Event(at(when), action, "x", None, None, after) for when, action, after in events]
    with pytest.raises(TrailIncomplete):
        fold(rows)


MOMENTS = st.integers(0, 880 * 86_400_000_000).map(lambda us: at("2025-01-01") + timedelta(microseconds=us))
SPANS = st.integers(0, 6 * 86_400_000_000).map(lambda us: timedelta(microseconds=us))
CLOCKS = st.sampled_from([OFFICE, WallClock(shipped())])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Receipts with up to three pauses apart and up to two extensions."""
    start = moment = draw(MOMENTS)
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        begun = moment + draw(SPANS)
        moment = begun + draw(SPANS)
        pauses.append(Pause(begun, moment, "waiting_agency"))
    terms = st.sampled_from(["2wd", "3d", "9wh"])
    granted = [
        Extension(start + draw(SPANS), Term.parse(draw(terms))) for _ in range(draw(st.integers(0, 2)))
    ]
    level = draw(st.sampled_from(Level))
    return Case(start, start, Matter(level, Kind.REPORT), tuple(pauses), tuple(granted))


@given(cases(), SPANS, CLOCKS)
def test_intervals_always_add_up_to_the_figure(case: Case, lasted: timedelta, clock: Clock) -> None:
    until = case.start + lasted
    line = lay_out(case, until, (), Facts(), clock, {})
    assert line.counted == counted(case, until, clock) // timedelta(seconds=1)


@given(cases(), st.sampled_from(["4wh", "5wd", "15wd", "10d"]), CLOCKS)
def test_steps_always_lead_to_the_deadline(case: Case, term: str, clock: Clock) -> None:
    steps = answer_steps(case, Term.parse(term), clock)
    assert steps[0].cause is Cause.TERM
    assert steps[-1].due == answer_due(case, Term.parse(term), clock)
