"""Officers, citizens, workers and clocks at the same few tickets: nobody waits for ever, the trail tells every figure."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import OperationalError

from feedback.clock import HANOI
from feedback.domain.errors import DomainError
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Actor, Role
from feedback.domain.retention import Request
from feedback.services import (
    answer,
    appeal,
    citizen,
    deliver,
    escalate,
    explain,
    hold,
    intake,
    pausing,
    placing,
    read,
    recompute,
    rights,
)
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.services.rights import Decision
from feedback.settings import Settings
from feedback.store import audit
from feedback.store.tables import RightsRequest
from tests.feedback import matters
from tests.feedback.matters import form_delivery, reading, routed, ticket
from tests.feedback.moving import Town
from tests.feedback.people import DUNG, LAN, THANH_LIET, THU

PEOPLE = 8
STEPS = 40
OPERATOR = Actor.system("command line")
PRIVACY = Actor(None, "Riêng", frozenset({Role.PRIVACY_OFFICER}))
HERE = Place(Queue.WARD, THANH_LIET)
PHONE = "0900000011"


@dataclass
class Crowd:
    """What each of them may do next. Refusals are part of the day; faults are not."""

    app: App
    settings: Settings
    desks: dict[str, Actor]
    codes: list[str]
    faults: list[str] = field(default_factory=list)

    def work(self, seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(STEPS):
            try:
                chance.choice(self.steps(chance, chance.choice(self.codes)))()
            except DomainError:
                continue
            except OperationalError as fault:
                # A lock that was not to be had in time is tried again; who waits for each other never is.
                if isinstance(fault.orig, DeadlockDetected):
                    self.faults.append(str(fault))
            except Exception as fault:
                self.faults.append(repr(fault))

    def steps(self, chance: random.Random, code: str) -> list[Callable[[], object]]:
        app, found = self.app, ticket(self.app, code)
        who, version = self.desks.get(found.queue, self.desks["denunciation"]), found.version
        kind = chance.choice([Kind.REPORT, Kind.DENUNCIATION])

        def reclassify() -> None:
            placing.reclassify(
                app, who, code, version, kind=kind, field_id="waste", level=Level.NORMAL, reason_id="misread"
            )

        return [
            reclassify,
            reclassify,
            lambda: placing.route(app, who, code, version, HERE),
            lambda: answer.submit(app, who, code, version, "Đã dọn."),
            lambda: citizen.reopen(app, code, "Chưa xong"),
            lambda: appeal.submit(app, code, "Không đồng ý"),
            lambda: pausing.pause(app, who, code, version, "waiting_agency", "Công ty"),
            lambda: read.open_ticket(app, who, code),
            lambda: explain.open_ticket(app, who, code),
            lambda: self.write(code),
            lambda: self.write(""),
            lambda: deliver.drain(app, threading.current_thread().name),
            lambda: matters.read(app, reading(kind=kind)),
            lambda: escalate.run(app),
            lambda: hold.put(app, PRIVACY, code, "court", "Tòa 1", everything=True),
            lambda: rights.ask(app, code, chance.choice([Request.ACCESS, Request.WITHDRAW])),
            self.settle_requests,
            lambda: rights.finish(app),
        ]

    def write(self, code: str) -> None:
        form = form_delivery(self.settings, "Thêm nữa", phone=PHONE, ticket_code=code)
        intake.receive(self.app, form)

    def settle_requests(self) -> None:
        with self.app.store.reading() as session:
            ids = [row.id for row in session.query(RightsRequest).filter_by(state="asked")]
        for request_id in ids[:1]:
            rights.settle(self.app, PRIVACY, request_id, Decision(grant=True))


def test_everybody_at_once(app: App, settings: Settings) -> None:
    town = Town(app, settings, datetime.now(HANOI))
    lan, dung, thu = (town.hire(person) for person in (LAN, DUNG, THU))
    desks = {"ward": lan, "dispatcher": dung, "centre": dung, "denunciation": thu}
    codes = [
        routed(app, settings, phone=PHONE if number < 3 else f"090000002{number}") for number in range(5)
    ]
    crowd = Crowd(app, settings, desks, codes)
    people = [threading.Thread(target=crowd.work, args=(number,)) for number in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert crowd.faults == []
    outcome = recompute.run(app, OPERATOR, recompute.scope_of(*recompute.EVER))
    assert outcome.disagreements == []
    assert outcome.holds
    with app.store.reading() as session:
        assert audit.verify(session).findings == ()
