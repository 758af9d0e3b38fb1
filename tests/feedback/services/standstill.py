"""What tests of pauses do and look at."""

from __future__ import annotations

import threading
from collections.abc import Callable

from feedback.domain.errors import DomainError
from feedback.services import intake, pausing
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import pauses, tickets
from feedback.store.tables import AuditEvent, Message, PauseRow
from tests.feedback.matters import form_delivery, ticket
from tests.feedback.people import LAN
from tests.feedback.watch import at

QUESTION = "Anh/chị cho biết số nhà gần nhất?"


def pause(app: App, code: str, reason: str = "waiting_citizen", until: str | None = None) -> None:
    pausing.pause(app, LAN, code, ticket(app, code).version, reason, QUESTION, at(until) if until else None)


def resume(app: App, code: str) -> None:
    pausing.resume(app, LAN, code, ticket(app, code).version)


def rows(app: App, code: str) -> list[PauseRow]:
    with app.store.reading() as session:
        return list(pauses.pauses(session, ticket(app, code)))


def trail(app: App, code: str) -> list[AuditEvent]:
    with app.store.reading() as session:
        return list(tickets.trail(session, ticket(app, code).id))


def told(app: App, code: str) -> list[Message]:
    with app.store.reading() as session:
        found = tickets.messages(session, ticket(app, code).id)
    return [message for message in found if message.purpose == "notice"]


def by_portal(app: App, settings: Settings, code: str) -> None:
    intake.receive(app, form_delivery(settings, "Số 15 ngõ 12.", ticket_code=code))


def together(tasks: list[Callable[[], object]]) -> list[object]:
    """What each returned or was refused with, all begun at once."""
    gate, outcomes = threading.Barrier(len(tasks)), list[object]()

    def run(task: Callable[[], object]) -> None:
        gate.wait()
        try:
            outcomes.append(task())
        except DomainError as refusal:
            outcomes.append(refusal)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes
