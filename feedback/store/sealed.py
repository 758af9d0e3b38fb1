"""The restricted store of denunciations: closed with a key of its own, opened under a database role of its own.

Two locks, so that one leak opens nothing: `feedback_app` may insert sealed rows but not read them, and what they hold is
encrypted (Fernet: AES-128-CBC with HMAC-SHA-256). Every token carries the name of its row, so that rows cannot be exchanged.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import delete, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from feedback.domain.contacts import canonical
from feedback.domain.errors import SealedUnreadable
from feedback.store.tables import Message, Sealed, SealTrace

_SEALED = Sealed.plain()
_ENTER = text("SET LOCAL ROLE feedback_denunciation")
_LEAVE = text("SET LOCAL ROLE feedback_app")

Place = tuple[str, int]
"""What was sealed, and the id of the row it was taken from."""


class Box:
    """Closes with the newest of `keys`, opens with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys])
        self.key_id = hashlib.sha256(keys[0].encode()).hexdigest()[:12]

    def close(self, place: Place, content: bytes) -> bytes:
        return self._keys.encrypt(_label(place) + content)

    def open(self, place: Place, token: bytes) -> bytes:
        """Raises SealedUnreadable: no key fits, or the token was taken from another row."""
        try:
            content = self._keys.decrypt(token)
        except InvalidToken:
            raise SealedUnreadable from None
        if not content.startswith(_label(place)):
            raise SealedUnreadable
        return content.removeprefix(_label(place))

    def closed_anew(self, place: Place, token: bytes) -> bytes:
        """The same content under the newest key. Raises SealedUnreadable."""
        return self.close(place, self.open(place, token))


def _label(place: Place) -> bytes:
    return f"{place[0]}:{place[1]}\n".encode()


@dataclass(frozen=True, slots=True)
class Tracer:
    """Hashes that recognise a writer. Keyed apart from the contacts' own hashes, so that the two tables cannot be joined."""

    key: bytes

    def writer(self, channel: str, account: str, address: str) -> str:
        return self._hash("writer", channel, account, address.casefold())

    def conversation(self, channel: str, account: str, conversation: str) -> str:
        return self._hash("conversation", channel, account, conversation)

    def email(self, address: str) -> str:
        return self._hash("email", address.casefold())

    def proof(self, ticket_id: int, typed: str) -> str | None:
        """Of a phone number or mail address as a citizen types it; None for what is neither."""
        written = canonical(typed)
        return self._hash("proof", str(ticket_id), written) if written else None

    def delivery(self, external_id: str) -> str:
        """The idempotency key of a sealed delivery: a mail's id names the sender's host."""
        return "sealed:" + self._hash("delivery", external_id)

    def _hash(self, *parts: str) -> str:
        return hmac.new(self.key, "\0".join(("under seal", *parts)).encode(), hashlib.sha256).hexdigest()


def add(session: Session, box: Box, ticket_id: int, pieces: Mapping[Place, bytes], now: datetime) -> None:
    """Put pieces under seal. A place is taken once; who seals twice is stopped by the primary key."""
    rows = [
        {
            "what": place[0],
            "row_id": place[1],
            "ticket_id": ticket_id,
            "key_id": box.key_id,
            "content": box.close(place, content),
            "sealed_at": now,
        }
        for place, content in pieces.items()
    ]
    if rows:
        session.execute(insert(_SEALED), rows)


@contextmanager
def _as_desk(session: Session) -> Iterator[None]:
    """The role that may read, for the statements of this block. A statement that fails ends the transaction and the role."""
    session.flush()
    session.execute(_ENTER)
    yield
    session.execute(_LEAVE)


def read(session: Session, box: Box, ticket_id: int, *, files: bool = False) -> Mapping[Place, bytes]:
    """Everything of a ticket that lies under seal, opened; the bytes of files only on demand. Raises SealedUnreadable."""
    query = select(_SEALED.c.what, _SEALED.c.row_id, _SEALED.c.content).where(
        _SEALED.c.ticket_id == ticket_id
    )
    if not files:
        query = query.where(_SEALED.c.what != "file")
    with _as_desk(session):
        rows = session.execute(query).all()
    return {(row.what, row.row_id): box.open((row.what, row.row_id), row.content) for row in rows}


def read_one(session: Session, box: Box, place: Place) -> bytes | None:
    """One opened piece. Raises SealedUnreadable."""
    query = select(_SEALED.c.content).where(_SEALED.c.what == place[0], _SEALED.c.row_id == place[1])
    with _as_desk(session):
        token = session.execute(query).scalar_one_or_none()
    return None if token is None else box.open(place, token)


def discard(session: Session, ticket_id: int) -> int:
    """Remove everything of a ticket from under seal, for ever; returns how many pieces there were."""
    with _as_desk(session):
        gone = session.execute(
            delete(_SEALED).where(_SEALED.c.ticket_id == ticket_id).returning(_SEALED.c.row_id)
        )
        return len(gone.all())


def blank_predictions(session: Session, ticket_id: int) -> None:
    """Take the evidence out of the ticket's predictions, which the application itself may not change."""
    session.execute(select(func.seal_predictions(ticket_id)))


def restore_predictions(session: Session, whole: Mapping[int, str]) -> None:
    """Put predictions (id → JSON) back as they were."""
    with _as_desk(session):
        for prediction_id, result in whole.items():
            session.execute(
                text("SELECT unseal_prediction(:id, CAST(:whole AS jsonb))"),
                {"id": prediction_id, "whole": result},
            )


def of_writer(session: Session, writer_hash: str, email_hash: str | None) -> Sequence[int]:
    """Tickets under seal that this writer opened, or whose writer left this mail address; nearly always none."""
    same = SealTrace.writer_hash == writer_hash
    if email_hash is not None:
        same = or_(same, SealTrace.email_hash == email_hash)
    return session.scalars(select(SealTrace.ticket_id).where(same)).all()


def in_conversation(session: Session, writer_hash: str, conversation_hash: str) -> Sequence[int]:
    """Tickets under seal of this writer in one conversation."""
    return session.scalars(
        select(SealTrace.ticket_id).where(
            SealTrace.writer_hash == writer_hash, SealTrace.conversation_hash == conversation_hash
        )
    ).all()


def forget_trace(session: Session, ticket_id: int) -> None:
    session.execute(delete(SealTrace).where(SealTrace.ticket_id == ticket_id))


def proofs(session: Session, ticket_id: int) -> frozenset[str]:
    """Hashes of what proves to be the writer; empty for a ticket that is not under seal."""
    found = session.scalar(select(SealTrace.proofs).where(SealTrace.ticket_id == ticket_id))
    return frozenset(found or ())


def acknowledged_since(session: Session, writer_hash: str, since: datetime) -> int:
    """How many acknowledgements this writer was sent for tickets under seal."""
    query = (
        select(func.count())
        .select_from(Message)
        .join(SealTrace, SealTrace.ticket_id == Message.ticket_id)
        .where(
            SealTrace.writer_hash == writer_hash,
            Message.purpose == "acknowledgement",
            Message.created_at > since,
        )
    )
    return session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch of re-encryption did. `unreadable`: rows that none of the keys opens, left as they are."""

    done: int
    unreadable: tuple[Place, ...]


def waiting_for_key(session: Session, box: Box) -> int:
    """Rows that are not closed with the newest key."""
    with _as_desk(session):
        return session.scalar(select(func.count()).where(Sealed.key_id != box.key_id)) or 0


def rekey(session: Session, box: Box, limit: int, skip: Sequence[Place] = ()) -> Step:
    """Close up to `limit` rows with the newest key. Two may run at once; what is done stays done."""
    query = (
        select(_SEALED.c.what, _SEALED.c.row_id, _SEALED.c.content)
        .where(_SEALED.c.key_id != box.key_id)
        .order_by(_SEALED.c.what, _SEALED.c.row_id)
        .limit(limit + len(skip))
        .with_for_update(skip_locked=True)
    )
    done, unreadable = 0, []
    with _as_desk(session):
        for row in session.execute(query).all():
            place = (row.what, row.row_id)
            if place in skip:
                continue
            try:
                content = box.closed_anew(place, row.content)
            except SealedUnreadable:
                unreadable.append(place)
                continue
            session.execute(
                update(_SEALED)
                .where(_SEALED.c.what == row.what, _SEALED.c.row_id == row.row_id)
                .values(content=content, key_id=box.key_id)
            )
            done += 1
    return Step(done, tuple(unreadable))


def any_piece(session: Session) -> tuple[Place, bytes] | None:
    """The newest piece, still closed: to try a key on."""
    with _as_desk(session):
        row = session.execute(
            select(_SEALED.c.what, _SEALED.c.row_id, _SEALED.c.content)
            .where(_SEALED.c.what != "file")
            .order_by(_SEALED.c.sealed_at.desc())
            .limit(1)
        ).first()
    return ((row.what, row.row_id), row.content) if row else None
