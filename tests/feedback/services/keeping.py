"""Matters that ended long ago, and looks into every table for what may be left of a person."""

from __future__ import annotations

from datetime import timedelta

import psycopg

from feedback.domain.permissions import Actor
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import tickets
from feedback.store.audit import ticket_chain
from feedback.store.tables import RawEvent, Ticket
from tests.feedback.matters import reading, routed, send

YEAR = timedelta(days=366)
SYSTEM = Actor.system("test")
NAME, PHONE, EMAIL = "Phạm Thị Thử Nghiệm", "0900000077", "thu.nghiem@example.test"


def age(app: App, code: str, years: float, *, state: str = "closed", **values: object) -> Ticket:
    """The ticket ended `years` ago."""
    with app.store.transaction(SYSTEM) as tx:
        ticket = tickets.locked(tx.session, code)
        assert ticket is not None
        then = tx.now - years * YEAR
        ticket.state, ticket.received_at, ticket.last_citizen_at = state, then, then
        ticket.accepted_at = then
        ticket.first_answer_at = ticket.answered_at = then if state != "open" else None
        ticket.answered_on_time = True if state != "open" else None
        ticket.answer_worked_seconds = 3600 if state != "open" else None
        ticket.closed_at = then if state in ("closed", "rejected", "handed_over") else None
        ticket.answer_due_at = then + timedelta(days=7)
        for name, value in values.items():
            setattr(ticket, name, value)
        behind = [message.raw_event_id for message in tickets.messages(tx.session, ticket.id)]
        tx.session.query(RawEvent).where(RawEvent.id.in_(behind)).update({"received_at": then})
        tx.audit(ticket_chain(ticket.id), "closed")
        tx.commit()
    return ticket


def old(app: App, settings: Settings, years: float = 6, *, kind: str = "report", **fields: object) -> str:
    """The code of a ticket with a name, a number, an address and a position in it, ended long ago."""
    given = {"name": NAME, "phone": PHONE, "email": EMAIL, "address": "Số 5 ngõ 12 phố Vọng", **fields}
    code = routed(app, settings, reading(kind=kind), **given)  # type: ignore[arg-type]
    send(app)
    age(app, code, years)
    return code


def dump(url: str) -> str:
    """Every row of every table as text."""
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        parts = []
        for (name,) in names:
            rows = connection.execute(f'SELECT t::text FROM "{name}" t').fetchall()
            parts += [f"{name}: {row[0]}" for row in rows]
    return "\n".join(parts)


def mentions(url: str, *words: str) -> list[str]:
    """The rows in which any of the words stands, also inside stored bytes."""
    wanted = [word.casefold() for word in words] + [word.encode().hex() for word in words]
    return [line for line in dump(url).splitlines() if any(word in line.casefold() for word in wanted)]
