"""The bounds of pauses and extensions hold at every instant of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain import grace
from feedback.domain.calendar import shipped
from feedback.domain.clocks import OfficeClock
from feedback.domain.deadlines import due_by
from feedback.domain.errors import IllegalChange, InvalidInput
from feedback.domain.grace import Owed
from feedback.domain.kinds import Kind, Level
from feedback.domain.reasons import PAUSE, Reason
from feedback.domain.terms import Matter, Term
from feedback.domain.terms_document import current
from tests.feedback.watch import at

OFFICE = OfficeClock(shipped())
TERMS = current()
SECOND = timedelta(seconds=1)
MATTER = Matter(Level.NORMAL, Kind.REPORT, "waste", "00643")

instants = st.integers(0, 60 * 24 * 330).map(
    lambda minutes: at("2026-01-05T00:00") + timedelta(minutes=minutes)
)
terms = st.one_of(
    st.integers(1, 200).map(lambda n: Term.parse(f"{n}wh")),
    st.integers(1, 30).map(lambda n: Term.parse(f"{n}wd")),
    st.integers(1, 60).map(lambda n: Term.parse(f"{n}d")),
)


def owed(now: datetime) -> Owed:
    """A running matter, due some working days from now."""
    return Owed(MATTER, due_by(Term.parse("5wd"), now, OFFICE), now, OFFICE)


@given(instants, st.sampled_from(PAUSE))
def test_a_pause_lasts_from_an_instant_to_its_bound_and_no_longer(now: datetime, reason: Reason) -> None:
    running = owed(now)
    bound = grace.pause_end(TERMS, running, reason, None)
    assert bound == due_by(TERMS.pauses[reason.id].term, now, OFFICE)
    for wanted in (now + SECOND, bound):
        assert grace.pause_end(TERMS, running, reason, wanted) == wanted
    for wanted in (now - SECOND, now, bound + SECOND):
        with pytest.raises(InvalidInput):
            grace.pause_end(TERMS, running, reason, wanted)


@given(instants, terms)
def test_an_extension_leads_later_and_never_beyond_the_longest(now: datetime, term: Term) -> None:
    running = owed(now)
    assert running.due is not None
    longest = due_by(TERMS.extension.term, running.due, OFFICE)
    if due_by(term, running.due, OFFICE) > longest:
        with pytest.raises(InvalidInput):
            grace.extended_to(TERMS, running, term)
    else:
        assert running.due < grace.extended_to(TERMS, running, term) <= longest


@given(instants, terms)
def test_at_the_deadline_nothing_is_moved_any_more(now: datetime, term: Term) -> None:
    running = owed(now)
    assert running.due is not None
    late = replace(running, now=running.due)
    with pytest.raises(IllegalChange):
        grace.extended_to(TERMS, late, term)
    with pytest.raises(IllegalChange):
        grace.check_pausable(late)


@pytest.mark.parametrize(
    "matter", [replace(MATTER, level=Level.URGENT), replace(MATTER, field=grace.FORWARDED)]
)
def test_what_the_law_fixes_is_not_extended(matter: Matter) -> None:
    with pytest.raises(IllegalChange):
        grace.check_extendable(replace(owed(at("2026-03-02T08:00")), matter=matter))
