"""One use case, one transaction: explicit commit, no change without its audit row, the bell rings after commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from feedback.domain.permissions import Actor
from feedback.store import audit, outbox
from feedback.store.audit import Entry
from feedback.store.tables import AuditEvent, Base

Ring = Callable[[frozenset[str]], None]


_SNAPSHOT: Mapping[str, Any] = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}


class UnauditedChange(AssertionError):
    """A transaction changed an audited table without telling the audit trail: a programming error."""


def _silent(_tasks: frozenset[str]) -> None:
    """No bell: the sweep finds the work."""


class Transaction:
    """`now` is the database's time. Leaving the block without `commit()` rolls everything back."""

    def __init__(self, session: Session, actor: Actor, now: datetime, clock: Callable[[], datetime]) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self._clock = clock
        self.committed = False
        self.tasks: set[str] = set()
        self._changed: set[str] = set()
        self._audited = False
        event.listen(session, "before_flush", self._note_changes)
        event.listen(session, "do_orm_execute", self._note_statement)

    def look_at_clock(self) -> datetime:
        """Set `now` anew, after waiting for a lock: of two changes to one ticket the later one has the later time."""
        self.now = max(self.now, self._clock())
        return self.now

    def audit(
        self,
        chain: str,
        action: str,
        *,
        reason: str | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        first: bool = False,
    ) -> AuditEvent:
        """Say in the trail what is being done, by whom and why. `first`: the subject is new in this transaction."""
        self._audited = True
        return audit.append(
            self.session,
            chain=chain,
            at=self.now,
            actor=self.actor,
            action=action,
            reason=reason,
            before=before or {},
            after=after or {},
            first=first,
        )

    def audit_all(self, entries: Sequence[Entry]) -> None:
        """The same for many subjects at once, all of which this transaction holds."""
        self._audited = True
        audit.append_all(self.session, entries, at=self.now, actor=self.actor)

    def enqueue(
        self,
        task: str,
        *,
        ticket_id: int,
        message_id: int,
        dedup_key: str,
        available_at: datetime | None = None,
        state: str = "waiting",
    ) -> bool:
        """Put work into the outbox; the bell rings for it after commit."""
        added = outbox.add(
            self.session,
            task=task,
            dedup_key=dedup_key,
            ticket_id=ticket_id,
            message_id=message_id,
            now=self.now,
            available_at=available_at,
            state=state,
        )
        if added and state == "waiting":
            self.tasks.add(task)
        return added

    def commit(self) -> None:
        """Raises UnauditedChange instead of committing a change that left no trace."""
        self.session.flush()
        if self._changed and not self._audited:
            raise UnauditedChange(f"changed without an audit row: {', '.join(sorted(self._changed))}")
        self.session.commit()
        self.committed = True

    def _note_changes(self, session: Session, *_: object) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if (
                isinstance(row, Base)
                and row.audited
                and (row not in session.dirty or session.is_modified(row))
            ):
                self._changed.add(type(row).__name__)

    def _note_statement(self, state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            mapper = state.bind_mapper
            if mapper is not None and issubclass(mapper.class_, Base) and mapper.class_.audited:
                self._changed.add(mapper.class_.__name__)


class Store:
    """The application's door to the database. `ring` is told after commit which outbox tasks wait."""

    def __init__(
        self, engine: Engine, ring: Ring = _silent, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.engine = engine
        self._ring = ring
        self._clock = clock
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Transaction]:
        """A transaction of `actor`; call `commit()` inside. Several may not be nested on one thread."""
        with self._sessions() as session:
            tx = Transaction(session, actor, self._now(session), lambda: self._this_moment(session))
            yield tx
        if tx.committed and tx.tasks:
            self._ring(frozenset(tx.tasks))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for queries only, all of them on one snapshot: PostgreSQL itself refuses a write."""
        with self._sessions() as session:
            session.connection(execution_options=_SNAPSHOT)
            yield session

    def ring(self, tasks: frozenset[str]) -> None:
        """Say again that these tasks wait."""
        self._ring(tasks)

    def now(self) -> datetime:
        """The database's time."""
        with self._sessions() as session:
            return self._now(session)

    def _now(self, session: Session) -> datetime:
        if self._clock is not None:
            return self._clock().astimezone(UTC)
        return session.execute(select(func.now())).scalar_one()

    def _this_moment(self, session: Session) -> datetime:
        """Unlike `_now` not the start of the transaction."""
        if self._clock is not None:
            return self._clock().astimezone(UTC)
        found: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return found
