"""Reminders on their way to people: gathered into mails, claimed with a lease, settled; and seen at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer

from feedback.domain.ladder import Person
from feedback.domain.permissions import Actor, Role
from feedback.domain.workflow import WAITING
from feedback.store.queries.reach import one_of, within_reach
from feedback.store.tables import Digest, Escalation, Reminder, Ticket, User, Ward

LEASE = timedelta(seconds=120)
MOST_COUNTED = 100
_WAITS = one_of(Ticket.state, *sorted(WAITING))


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder with its step and ticket; `ward` is the ward's name."""

    reminder: Reminder
    step: Escalation
    ticket: Ticket
    ward: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An active account with reminders that are in no mail yet: the oldest of them, and when the last mail was made."""

    account_id: int
    oldest: datetime
    urgent: bool
    last_mail: datetime | None


def waiting_people(session: Session, account_id: int | None = None) -> list[Waiting]:
    """Everybody whom a mail could tell something; or this person, as a list of one or none."""
    last = select(func.max(Digest.created_at)).where(Digest.account_id == Reminder.account_id)
    query = (
        select(
            Reminder.account_id,
            func.min(Reminder.told_at),
            func.bool_or(Reminder.urgent),
            last.correlate(Reminder).scalar_subquery(),
        )
        .join(User, User.id == Reminder.account_id)
        .where(Reminder.digest_id.is_(None), User.active)
        .group_by(Reminder.account_id)
        .order_by(Reminder.account_id)
    )
    if account_id is not None:
        query = query.where(Reminder.account_id == account_id)
    return [Waiting(*row) for row in session.execute(query)]


def hold_person(session: Session, account_id: int) -> bool:
    """Lock the account for gathering; False where another process has it, or it was closed."""
    query = select(User.id).where(User.id == account_id, User.active)
    return session.scalars(query.with_for_update(skip_locked=True, key_share=True)).first() is not None


def gather(session: Session, found: Waiting, slot: datetime, now: datetime, *, state: str) -> bool:
    """Put all waiting reminders of a person who is held into one mail. False where this slot already has one."""
    values = {"account_id": found.account_id, "slot": slot, "state": state, "urgent": found.urgent}
    made = insert(Digest).values(**values, available_at=now, created_at=now)
    digest_id = session.scalar(made.on_conflict_do_nothing().returning(Digest.id))
    if digest_id is None:
        return False
    mine = (Reminder.account_id == found.account_id, Reminder.digest_id.is_(None))
    session.execute(update(Reminder).where(*mine).values(digest_id=digest_id))
    return True


def claim(session: Session, *, by: str, now: datetime, limit: int, office: bool) -> Sequence[Digest]:
    """Take up to `limit` due mails, outside office time urgent ones only; those of a process that died come back."""
    due = or_(
        and_(Digest.state == "waiting", Digest.available_at <= now),
        and_(Digest.state == "claimed", Digest.lease_until < now),
    )
    query = select(Digest).where(due) if office else select(Digest).where(due, Digest.urgent)
    rows = session.scalars(query.order_by(Digest.available_at).limit(limit).with_for_update(skip_locked=True))
    found = rows.all()
    for row in found:
        row.state, row.claimed_by, row.lease_until = "claimed", by, now + LEASE
    return found


def locked(session: Session, digest_id: int) -> Digest:
    return session.get_one(Digest, digest_id, with_for_update=True)


def person(session: Session, account_id: int) -> tuple[Person, str] | None:
    """An active account with its e-mail address."""
    user = session.get(User, account_id)
    if user is None or not user.active:
        return None
    roles = frozenset(Role(role.name) for role in user.roles)
    return Person(user.id, user.name, roles, user.ward_code), user.email


def in_mail(session: Session, digest_id: int) -> list[Told]:
    """What a mail has to tell: its reminders whose tickets still wait for an answer."""
    return _told(session, and_(Reminder.digest_id == digest_id, _WAITS), limit=10_000)


def of_person(session: Session, account_id: int, limit: int) -> list[Told]:
    """What a person has been told of tickets that still wait, the newest first."""
    return _told(session, and_(Reminder.account_id == account_id, _WAITS), limit=limit)


def unseen(session: Session, actor: Actor) -> int:
    """How many reminders of waiting tickets within reach are not marked as seen, counted up to `MOST_COUNTED`."""
    rows = (
        select(Reminder.id)
        .join(Escalation, Escalation.id == Reminder.escalation_id)
        .join(Ticket, Ticket.id == Escalation.ticket_id)
        .where(Reminder.account_id == actor.user_id, Reminder.seen_at.is_(None), _WAITS, within_reach(actor))
        .limit(MOST_COUNTED)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(rows)) or 0


def mark_seen(session: Session, account_id: int, up_to: int, now: datetime) -> None:
    """Everything the person was told, up to this reminder, has been seen."""
    mine = (Reminder.account_id == account_id, Reminder.seen_at.is_(None), Reminder.id <= up_to)
    session.execute(update(Reminder).where(*mine).values(seen_at=now))


def _told(session: Session, condition: object, limit: int) -> list[Told]:
    query = (
        select(Reminder, Escalation, Ticket, Ward.name)
        .join(Escalation, Escalation.id == Reminder.escalation_id)
        .join(Ticket, Ticket.id == Escalation.ticket_id)
        .outerjoin(Ward, Ward.code == Ticket.ward_code)
        .where(condition)  # type: ignore[arg-type]
        .order_by(Reminder.id.desc())
        .limit(limit)
        .options(defer(Ticket.search))
    )
    return [Told(*row) for row in session.execute(query)]
