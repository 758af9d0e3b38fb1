"""A small city for the tests of the desk: invented people, invented words, real database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from classifier.prediction import Evidence, LabelScore, Prediction, Urgency, WardScore
from feedback.domain import codes
from feedback.domain.events import Task
from feedback.domain.permissions import Actor, Role
from feedback.domain.search import fold
from feedback.services import accounts, deadlines, passwords
from feedback.services.accounts import NewAccount
from feedback.services.app import App
from feedback.store.audit import ticket_chain
from feedback.store.tables import Contact, Message, OutboxRow, PredictionRow, Ticket

PASSWORD = "mat-khau-thu-nghiem"
NGHIA_DO, HAI_BA_TRUNG = "00160", "00256"
SYSTEM = Actor.system("test")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TEXT = "Hố ga mất nắp trước số 10 phố Tô Hiệu, phường Nghĩa Đô, rất nguy hiểm."


@dataclass
class Town:
    """Accounts and tickets by name, so that tests read as sentences."""

    app: App
    flask_app: Flask
    number: int = 0

    def hire(self, name: str, role: Role, ward_code: str | None = None) -> str:
        """An account; returns its e-mail address."""
        email = f"{name}@example.test"
        with self.app.store.transaction(SYSTEM) as tx:
            new = NewAccount(email, name.title(), frozenset({role}), PASSWORD, ward_code)
            accounts.insert(tx, new, self._hash())
            tx.commit()
        return email

    def _hash(self) -> str:
        global _HASH
        _HASH = _HASH or passwords.hashed(PASSWORD)
        return _HASH

    def log_in(self, email: str, password: str = PASSWORD) -> Visitor:
        visitor = self.visitor()
        visitor.post("/dang-nhap", {"email": email, "password": password})
        return visitor

    def visitor(self) -> Visitor:
        return Visitor(self.flask_app.test_client())

    def ticket(self, text: str = TEXT, **values: Any) -> str:
        """A ticket as triage leaves it; returns its code."""
        self.number += 1
        evidence = values.pop("evidence", ())
        contact_values = values.pop("contact", {})
        age: timedelta = values.pop("age", timedelta(minutes=5))
        with self.app.store.transaction(SYSTEM) as tx:
            received = tx.now - age
            contact = Contact(
                channel="web",
                account="portal",
                address_hash=f"hash-{self.number}",
                address=f"nguoi-{self.number}@example.test",
                name="Bà Thử Nghiệm",
                phone="+84900000012",
                created_at=received,
                last_seen_at=received,
            )
            for name, value in contact_values.items():
                setattr(contact, name, value)
            tx.session.add(contact)
            tx.session.flush()
            ticket = Ticket(
                code=codes.new_code(2026, self.app.rng),
                contact_id=contact.id,
                channel="web",
                account="portal",
                conversation=f"c-{self.number}",
                received_at=received,
                last_citizen_at=received,
                summary=text[:140],
                search=fold(text),
            )
            _defaults(ticket, received)
            for name, value in values.items():
                setattr(ticket, name, value)
            deadlines.judge(self.app, tx, ticket)
            tx.session.add(ticket)
            tx.session.flush()
            message = Message(ticket_id=ticket.id, direction="in", text=text, created_at=received)
            tx.session.add(message)
            tx.session.flush()
            prediction = predicted(text, evidence).as_json()
            prediction["parts"] = [{"message": message.id, "start": 0}]
            tx.session.add(
                PredictionRow(
                    ticket_id=ticket.id,
                    message_id=message.id,
                    model="test-1",
                    result=prediction,
                    created_at=tx.now,
                )
            )
            tx.audit(ticket_chain(ticket.id), "triaged", after={"state": ticket.state})
            tx.commit()
        return ticket.code

    def failed_reply(self, code: str, state: str = "dead") -> int:
        """An outgoing message that did not arrive; returns its id."""
        with self.app.store.transaction(SYSTEM) as tx:
            ticket = tx.session.query(Ticket).filter_by(code=code).one()
            message = Message(
                ticket_id=ticket.id,
                direction="out",
                purpose="answer",
                text="Đã xử lý.",
                delivery="failed" if state == "dead" else "callback",
                created_at=tx.now,
            )
            tx.session.add(message)
            tx.session.flush()
            tx.session.add(
                OutboxRow(
                    task=Task.DELIVER,
                    dedup_key=f"reply:{message.id}",
                    ticket_id=ticket.id,
                    message_id=message.id,
                    state=state,
                    attempts=8,
                    available_at=tx.now,
                    created_at=tx.now,
                    last_error="provider refused",
                )
            )
            ticket.delivery_problem = True
            tx.audit(ticket_chain(ticket.id), "reply_failed")
            tx.commit()
        return message.id

    def answer_after(self, code: str, worked: timedelta, *, late: bool = False) -> None:
        """The ticket was answered, within its term or just after it."""
        with self.app.store.transaction(SYSTEM) as tx:
            ticket = tx.session.merge(self.look(code))
            assert ticket.answer_due_at is not None
            ticket.first_answer_at = ticket.answer_due_at + timedelta(seconds=int(late))
            ticket.answer_worked_seconds, ticket.state = int(worked.total_seconds()), "answered"
            ticket.answered_on_time = not late
            ticket.answered_ward = ticket.ward_code if ticket.queue == "ward" else None
            tx.audit(ticket_chain(ticket.id), "answered")
            tx.commit()

    def look(self, code: str) -> Ticket:
        """The ticket as it stands in the database."""
        with self.app.store.reading() as session:
            return session.query(Ticket).filter_by(code=code).one()

    def actions(self, code: str) -> list[str]:
        """What the trail of the ticket says was done."""
        from feedback.store import tickets

        ticket = self.look(code)
        with self.app.store.reading() as session:
            return [event.action for event in tickets.trail(session, ticket.id)]


_HASH = ""


def _defaults(ticket: Ticket, received: datetime) -> None:
    ticket.state, ticket.queue, ticket.ward_code = "open", "ward", NGHIA_DO
    ticket.field_id, ticket.kind, ticket.level, ticket.version = "drainage", "report", "normal", 1
    ticket.accepted_at, ticket.review_reasons, ticket.restricted = received, [], False


def predicted(text: str, evidence: Sequence[tuple[str, str]] = ()) -> Prediction:
    """A prediction whose evidence are pairs of words found in `text` and why they count."""
    spans = tuple(
        Evidence(text.index(words), text.index(words) + len(words), words, why) for words, why in evidence
    )
    ward = WardScore(NGHIA_DO, "Phường Nghĩa Đô", 0.91)
    return Prediction(
        ward=ward,
        ward_candidates=(ward, WardScore("00166", "Phường Cầu Giấy", 0.06)),
        field=LabelScore("drainage", 0.88),
        field_candidates=(LabelScore("drainage", 0.88), LabelScore("roads", 0.07)),
        kind=LabelScore("report", 0.97),
        urgent=Urgency(False, 0.1),
        needs_review=False,
        evidence=spans,
        model="test-1",
    )


@dataclass
class Visitor:
    """A browser without JavaScript: remembers cookies and the token of the last page."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        response = self.client.get(path, **kwargs)
        self._remember(response)
        return response

    def post(self, path: str, form: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        if not self.token:
            self.get("/dang-nhap")
        response = self.client.post(path, data={"csrf_token": self.token, **(form or {})}, **kwargs)
        self._remember(response)
        return response

    def text(self, path: str) -> str:
        """The page, which must be there."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.get_data(as_text=True)

    def _remember(self, response: TestResponse) -> None:
        if response.mimetype == "text/html" and (found := TOKEN.search(response.get_data(as_text=True))):
            self.token = found[1]
