"""A small administration whose clock can be set: people of two wards and the Centre, tickets, and a time of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from feedback.clock import HANOI
from feedback.domain.permissions import Actor, Role
from feedback.services import accounts, escalate, intake
from feedback.services.accounts import NewAccount
from feedback.services.app import App
from feedback.services.escalate import Counts
from feedback.settings import Settings
from feedback.store import Store, tickets
from feedback.store.tables import AuditEvent, Digest, Escalation, Reminder, Ticket, User
from tests.feedback.matters import form_delivery, reading, routed
from tests.feedback.people import NGHIA_DO, THANH_LIET

MONDAY = datetime(2026, 3, 2, 8, tzinfo=HANOI)
"""No day off lies in this week or the two after it."""
STAFF = (
    ("lan", Role.WARD_OFFICER, THANH_LIET),
    ("hung", Role.WARD_OFFICER, THANH_LIET),
    ("phuong", Role.WARD_LEAD, THANH_LIET),
    ("chu", Role.WARD_CHAIR, THANH_LIET),
    ("mai", Role.WARD_OFFICER, NGHIA_DO),
    ("dung", Role.DISPATCHER, None),
    ("thu", Role.DENUNCIATION_OFFICER, None),
    ("an", Role.AUDITOR, None),
    ("binh", Role.ADMIN, None),
)


@dataclass
class Office:
    """`now` is the database's time for everything this office does."""

    app: App
    settings: Settings
    now: datetime = MONDAY
    ids: dict[str, int] = field(default_factory=dict)

    @classmethod
    def opened(cls, app: App, settings: Settings) -> Office:
        found = cls(app, settings)
        found.app = replace(app, store=Store(app.store.engine, clock=lambda: found.now))
        for name, role, ward in STAFF:
            found.hire(name, role, ward)
        return found

    def hire(self, name: str, role: Role, ward: str | None = None) -> int:
        with self.app.store.transaction(Actor.system("test")) as tx:
            new = NewAccount(f"{name}@example.test", name, frozenset({role}), "unused", ward)
            self.ids[name] = accounts.insert(tx, new, "no password")
            tx.commit()
        return self.ids[name]

    def dismiss(self, name: str) -> None:
        with self.app.store.transaction(Actor.system("test")) as tx:
            tx.session.get_one(User, self.ids[name]).active = False
            tx.audit(f"account:{self.ids[name]}", "user_changed")
            tx.commit()

    def actor(self, name: str) -> Actor:
        role, ward = next((role, ward) for known, role, ward in STAFF if known == name)
        return Actor(self.ids[name], name, frozenset({role}), ward)

    def ticket(self, **says: object) -> str:
        """Received now and read by a classifier that says this; a ward's ticket is accepted at once."""
        phone = f"09000{len(self.ids) + int(self.now.timestamp()) % 1000:05}"
        return routed(self.app, self.settings, reading(**says), phone=phone)  # type: ignore[arg-type]

    def received(self) -> str:
        """Received now, and read by nobody."""
        code = intake.receive(self.app, form_delivery(self.settings, "Rác ba ngày chưa ai dọn")).code
        assert code is not None
        return code

    def look(self, code: str) -> Ticket:
        with self.app.store.reading() as session:
            found = tickets.by_code(session, code)
            assert found is not None
            return found

    def go(self, moment: datetime | timedelta) -> None:
        """Forward, never back."""
        self.now = moment if isinstance(moment, datetime) else self.now + moment

    def scan(self) -> Counts:
        return escalate.run(self.app)

    def steps(self, code: str) -> list[tuple[str, int]]:
        """What was recorded, in order."""
        query = select(Escalation.part, Escalation.step).join(Ticket, Ticket.id == Escalation.ticket_id)
        with self.app.store.reading() as session:
            rows = session.execute(query.where(Ticket.code == code).order_by(Escalation.id))
            return [(part, step) for part, step in rows]

    def told(self, code: str) -> list[tuple[str, int]]:
        """Who was told, and at which step."""
        query = (
            select(User.name, Escalation.step)
            .join(Reminder, Reminder.account_id == User.id)
            .join(Escalation, Escalation.id == Reminder.escalation_id)
            .join(Ticket, Ticket.id == Escalation.ticket_id)
            .where(Ticket.code == code)
            .order_by(Reminder.id)
        )
        with self.app.store.reading() as session:
            return [(name, step) for name, step in session.execute(query)]

    def trail(self, code: str, action: str) -> Sequence[AuditEvent]:
        ticket = self.look(code)
        with self.app.store.reading() as session:
            return [row for row in tickets.trail(session, ticket.id) if row.action == action]

    def digests(self) -> list[Digest]:
        with self.app.store.reading() as session:
            return list(session.scalars(select(Digest).order_by(Digest.id)))
