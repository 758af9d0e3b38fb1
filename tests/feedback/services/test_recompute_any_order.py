"""Whatever happens to a ticket, in whatever order and at whatever time: the trail tells all its figures, to the second."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from feedback.domain.errors import DomainError
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Actor, Role
from feedback.services import (
    answer,
    appeal,
    assign,
    citizen,
    comment,
    ending,
    escalate,
    explain,
    extending,
    legislate,
    pausing,
    placing,
    rejudge,
)
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import audit
from tests.feedback import matters
from tests.feedback.matters import ticket
from tests.feedback.moving import Town, at
from tests.feedback.people import BINH, DUNG, LAN, MAI, NGHIA_DO, THANH_LIET, THU, staff

START = "2026-02-11T07:30"
"""Shortly before Tết: two make-up and swap days of the year lie behind, nine days off ahead."""
DESKS = (
    Place(Queue.WARD, THANH_LIET),
    Place(Queue.WARD, NGHIA_DO, level=Level.COMPLEX),
    Place(Queue.WARD, THANH_LIET, level=Level.URGENT),
    Place(Queue.CENTRE, field_id="admin_procedure"),
)
DAY = ["07:30-11:30", "13:30-17:30"]
SATURDAYS = {
    "ward": THANH_LIET,
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "make_up"), DAY),
    "saturday": ["08:00-11:00"],
    "sunday": [],
}
MICROSECONDS = st.integers(0, 3 * 3_600_000_000)
HOPS = st.one_of(
    st.just(0),
    MICROSECONDS,
    st.integers(1, 90).map(lambda hours: hours * 3_600_000_000),
    st.integers(1, 12).map(lambda days: days * 86_400_000_000),
)


class AnyOrder(RuleBasedStateMachine):
    """One ticket. A step that the rules refuse changes nothing, and the figures are compared all the same."""

    town: Town
    lan: Actor
    mai: Actor
    dung: Actor
    thu: Actor
    chair: Actor
    binh: Actor

    def __init__(self) -> None:
        super().__init__()
        self.town.to(START)
        self.code = self.town.receive()

    def _try(self, use_case: Callable[..., object], *given: Any, **more: Any) -> None:
        try:
            use_case(*given, **more)
        except DomainError:
            return

    def _staff(self, use_case: Callable[..., object], who: Actor, *given: Any, **more: Any) -> None:
        self._try(use_case, self.town.app, who, self.code, self.town.version(self.code), *given, **more)

    def _holder(self) -> Actor:
        found = ticket(self.town.app, self.code)
        if found.queue == Queue.WARD:
            return self.lan if found.ward_code == THANH_LIET else self.mai
        return self.dung if found.queue in (Queue.DISPATCHER, Queue.CENTRE) else self.thu

    @rule(hop=HOPS)
    def time_passes(self, hop: int) -> None:
        self.town.later(timedelta(microseconds=hop))

    @rule(
        kind=st.sampled_from(["report", "question", "complaint", "spam"]),
        urgent=st.booleans(),
        unsure=st.booleans(),
        known=st.booleans(),
    )
    def read(self, kind: str, urgent: bool, unsure: bool, known: bool) -> None:
        self.town.read(
            kind=kind, urgent=urgent, needs_review=unsure, ward=THANH_LIET if known else None, field="noise"
        )

    @rule()
    def nothing_reads(self) -> None:
        matters.read(self.town.app, None)

    @rule(place=st.sampled_from(DESKS))
    def route(self, place: Place) -> None:
        self._staff(placing.route, self.dung, place)

    @rule(place=st.sampled_from(DESKS))
    def transfer(self, place: Place) -> None:
        self._staff(placing.transfer, self._holder(), place, "wrong_ward")

    @rule()
    def send_back(self) -> None:
        self._staff(placing.send_back, self._holder(), "wrong_field")

    @rule(
        kind=st.sampled_from([Kind.REPORT, Kind.PROPOSAL, Kind.COMPLAINT, Kind.DENUNCIATION]),
        level=st.sampled_from(Level),
        field=st.sampled_from(["waste", "admin_procedure", "official_conduct"]),
    )
    def reclassify(self, kind: Kind, level: Level, field: str) -> None:
        self._staff(
            placing.reclassify,
            self._holder(),
            kind=kind,
            level=level,
            field_id=field,
            reason_id="citizen_decided",
            note="Đã hỏi",
        )

    @rule()
    def take(self) -> None:
        self._staff(assign.take, self._holder())

    @rule()
    def comment(self) -> None:
        self._staff(comment.add, self._holder(), "Đã gọi điện")

    @rule()
    def answer(self) -> None:
        self._staff(answer.submit, self._holder(), "Đã xử lý xong.")

    @rule()
    def close(self) -> None:
        self._staff(ending.close, self._holder(), "done")

    @rule()
    def reject(self) -> None:
        self._staff(ending.reject, self._holder(), "out_of_scope")

    @rule()
    def hand_over(self) -> None:
        self._staff(ending.hand_over, self.thu)

    @rule()
    def reopen(self) -> None:
        self._try(citizen.reopen, self.town.app, self.code, "Chưa xong")

    @rule()
    def appeal(self) -> None:
        self._try(appeal.submit, self.town.app, self.code, "Không đồng ý")

    @rule(reason=st.sampled_from(["waiting_citizen", "waiting_agency", "force_majeure"]), hop=HOPS)
    def pause(self, reason: str, hop: int) -> None:
        until = self.town.now + timedelta(microseconds=hop) if hop else None
        self._staff(pausing.pause, self._holder(), reason, "Xin cho biết số nhà", until)

    @rule()
    def resume(self) -> None:
        self._staff(pausing.resume, self._holder())

    @rule()
    def the_clock_ends_pauses(self) -> None:
        pausing.end_passed(self.town.app)

    @rule()
    def the_clock_tells_of_steps(self) -> None:
        assert escalate.run(self.town.app).failed == 0

    @rule()
    def the_citizen_writes(self) -> None:
        self.town.write_again(self.code, "Số nhà 12")

    @rule(
        reason=st.sampled_from(["complex_matter", "several_agencies"]),
        term=st.sampled_from(["2wd", "3d", "9wh"]),
    )
    def ask_for_more(self, reason: str, term: str) -> None:
        self._staff(extending.ask, self._holder(), reason, term, "Cần xác minh")

    @rule(approve=st.booleans())
    def decide(self, approve: bool) -> None:
        holder = self._holder()
        self._staff(
            extending.decide, self.chair if holder is self.lan else holder, approve=approve, note="Đã xem"
        )

    @rule(days=st.integers(1, 14), own_hours=st.booleans(), day_and_night=st.booleans())
    def other_terms(self, days: int, own_hours: bool, day_and_night: bool) -> None:
        """Published with effect on whatever runs; one ward also works on Saturday mornings, urgent matters at night."""
        now = self.town.now
        newest = legislate.book(self.town.app, self.binh)
        document = json.loads(json.dumps(newest.document))
        document["version"] = f"t-{now:%m%d%H%M%S%f}-{days}"
        document["valid_from"] = now.isoformat()
        document["levels"]["normal"]["term"] = f"{days}wd"
        document["levels"]["complex"]["term"] = f"{days + 10}d"
        document["hours"] = [SATURDAYS] if own_hours else []
        document["clock"] = {"wall": ["urgent"] if day_and_night else []}
        self._try(
            legislate.publish,
            self.town.app,
            self.binh,
            document,
            base=newest.latest.version,
            note="Thử",
            move=True,
        )
        rejudge.run(self.town.app)

    @invariant()
    def the_trail_tells_every_figure(self) -> None:
        assert self.town.disagreements(self.code) == {}

    def teardown(self) -> None:
        with self.town.app.store.reading() as session:
            assert audit.verify(session).findings == ()

    @invariant()
    def every_second_is_accounted_for(self) -> None:
        stored = ticket(self.town.app, self.code)
        with self.town.app.store.reading() as session:
            told = explain.of_ticket(self.town.app, session, stored, self.town.now)
        line = told.rounds[0].timeline
        if told.rounds[0].answered:
            assert line.counted == stored.answer_worked_seconds
            assert told.rounds[0].deadlines[1].on_time is stored.answered_on_time
        begun, over = (
            moment.replace(microsecond=0) for moment in (told.rounds[0].start, told.rounds[0].until)
        )
        assert line.counted + line.paused + line.off == (over - begun) // timedelta(seconds=1)
        if not told.rounds[-1].answered and stored.rule_version:
            assert told.rounds[-1].deadlines[-1].due == stored.answer_due_at


def test_any_order(app: App, settings: Settings) -> None:
    town = Town(app, settings, at(START))
    chair = staff("Sơn", Role.WARD_LEAD, ward=THANH_LIET)
    people = {"lan": LAN, "mai": MAI, "dung": DUNG, "thu": THU, "chair": chair, "binh": BINH}
    hired = {name: town.hire(person) for name, person in people.items()}
    machine = type("Machine", (AnyOrder,), {"town": town, **hired})
    run_state_machine_as_test(machine, settings=_EFFORT)  # type: ignore[no-untyped-call]


_EFFORT = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
