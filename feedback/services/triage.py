"""Reading what waits: claim a batch, predict outside any transaction, then route each ticket in its own (T2)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from channels.message import Purpose
from classifier.prediction import Prediction, Query
from feedback.domain import texts
from feedback.domain.events import AuditAction, Task
from feedback.domain.kinds import Kind, Level
from feedback.domain.permissions import Actor
from feedback.domain.routing import LEGAL_ROADS, Because, Triage, reclassify, route
from feedback.domain.workflow import WAITING, State, check
from feedback.services import deadlines, pausing, replies, sealing
from feedback.services.app import App
from feedback.services.change import Change, facts
from feedback.services.intake import summary
from feedback.services.placing import put
from feedback.store import Transaction, outbox, tickets
from feedback.store.tables import Message, OutboxRow, PredictionRow, Ticket

log = logging.getLogger(__name__)

TRIAGE = Actor.system("triage")
BATCH = 64
MAX_READINGS = 3
"""How often a reading is tried that then cannot be stored, or that ends the process; then the dispatcher reads."""
MOST_LATER = 20_000
"""Code points read of what was added to a first message; hundreds of additions would stop the queue otherwise."""
BY_MAIL = frozenset({"email", "web"})
MOST_ACKNOWLEDGED = 10
"""In an hour and to one address by mail: the end of a loop between two machines, and of mail in somebody else's name."""
SEPARATOR = "\n\n"
HEEDFUL = frozenset({State.REVIEW, State.OPEN, State.ANSWERED})
"""States in which a later message is read for danger and accusations only."""


class Reader(Protocol):
    """The classifier, as far as triage needs it."""

    def predict_many(self, queries: Sequence[Query]) -> Sequence[Prediction]: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed row. `parts`: (message id, start in the joined text), to point evidence at the right message."""

    outbox_id: int
    ticket_id: int
    message_id: int
    attempts: int
    query: Query
    parts: tuple[tuple[int, int], ...]
    under_seal: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What a reading says that the one before it did not."""

    kind: Kind | None
    urgent: bool


def drain(app: App, reader: Reader | None, by: str, limit: int = BATCH) -> int:
    """Read and route up to `limit` waiting messages. Without a reader every ticket goes to the dispatcher."""
    jobs = _claim(app, by, limit)
    for job, prediction in zip(jobs, _predict(reader, jobs), strict=True):
        try:
            settle(app, by, job, prediction)
        except Exception:
            # One ticket that cannot be settled must not hold up its batch: its lease brings it back.
            log.exception("ticket not settled", extra={"outbox": job.outbox_id})
    return len(jobs)


def _claim(app: App, by: str, limit: int) -> list[Job]:
    with app.store.transaction(TRIAGE) as tx:
        rows = outbox.claim(tx.session, Task.TRIAGE, by=by, now=tx.now, limit=limit)
        jobs = [_job(tx, row) for row in rows]
        tx.commit()
    return jobs


def _job(tx: Transaction, row: OutboxRow) -> Job:
    ticket = tx.session.get_one(Ticket, row.ticket_id)
    if ticket.sealed_at is not None:
        # What lies under seal is read by people only.
        first = tickets.first_message(tx.session, ticket.id)
        return Job(row.id, ticket.id, row.message_id, row.attempts, Query(""), ((first, 0),), under_seal=True)
    said = _bounded(
        [m for m in tickets.messages(tx.session, ticket.id) if m.direction == "in" and m.id <= row.message_id]
    )
    parts, position = [], 0
    for message in said:
        parts.append((message.id, position))
        position += len(message.text) + len(SEPARATOR)
    query = Query(
        text=SEPARATOR.join(message.text for message in said),
        subject=next((m.subject for m in said if m.subject), None),
        channel=ticket.channel,
        received_at=ticket.received_at,
        lat=ticket.lat,
        lon=ticket.lon,
        id=row.id,
    )
    if ticket.address:
        # The address field of the app or form is read like text, behind the citizen's own words.
        query = replace(query, text=f"{query.text}{SEPARATOR}Địa chỉ: {ticket.address}")
    return Job(row.id, ticket.id, row.message_id, row.attempts, query, tuple(parts))


def _bounded(said: Sequence[Message]) -> list[Message]:
    """The first message, the newest, and before it as many as fit."""
    later, room = list[Message](), MOST_LATER
    for message in reversed(said[1:]):
        room -= len(message.text)
        if later and room < 0:
            break
        later.append(message)
    return [*said[:1], *reversed(later)]


def _predict(reader: Reader | None, jobs: Sequence[Job]) -> Sequence[Prediction | None]:
    fit = [job for job in jobs if job.attempts <= MAX_READINGS and not job.under_seal]
    read = dict(zip((job.outbox_id for job in fit), _read(reader, fit), strict=True))
    return [read.get(job.outbox_id) for job in jobs]


def _read(reader: Reader | None, jobs: Sequence[Job]) -> Sequence[Prediction | None]:
    if reader is None or not jobs:
        return [None] * len(jobs)
    try:
        return reader.predict_many([job.query for job in jobs])
    except Exception:
        # Whatever a model does to a strange text, no message may wait for a repair: people read it instead.
        log.exception("classifier failed", extra={"count": len(jobs), "outbox": jobs[0].outbox_id})
    # One strange text must not send the whole batch to the dispatcher.
    return [None] if len(jobs) == 1 else [_read(reader, [job])[0] for job in jobs]


def settle(app: App, by: str, job: Job, prediction: Prediction | None) -> None:
    """T2: keep the prediction whole, route, set deadlines, acknowledge. A lost lease changes nothing."""
    with app.store.transaction(TRIAGE) as tx:
        ticket = tickets.locked_by_id(tx.session, job.ticket_id)
        row = outbox.locked(tx.session, job.outbox_id, by=by)
        if row is None:
            return
        change = Change.of(tx, ticket)
        known = tickets.last_prediction(tx.session, ticket.id)
        first = job.message_id == job.parts[0][0]
        if _is_undecided(tx, ticket):
            _route(app, change, prediction, first=first)
        else:
            _leave(app, change, _news(prediction, known), first=first)
        if prediction is not None:
            _keep(app, tx, ticket, job, prediction)
        sealing.settle(app, tx, ticket)
        outbox.settle(row, tx.now)
        tx.commit()


def _is_undecided(tx: Transaction, ticket: Ticket) -> bool:
    """Whether the reading may place the ticket: what a person has placed, no model moves."""
    if ticket.restricted or ticket.state not in (State.NEW, State.REVIEW):
        return False
    return ticket.state == State.NEW or not tickets.placed_by_person(tx.session, ticket.id)


def _keep(app: App, tx: Transaction, ticket: Ticket, job: Job, prediction: Prediction) -> None:
    """The whole reading; that of a denunciation quotes its evidence under seal only."""
    result = prediction.as_json()
    result["parts"] = [{"message": message, "start": start} for message, start in job.parts]
    row = PredictionRow(
        ticket_id=job.ticket_id,
        message_id=job.message_id,
        model=prediction.model,
        result=result,
        created_at=tx.now,
    )
    if sealing.belongs(ticket):
        sealing.keep_prediction(app, tx, row)
        return
    tx.session.add(row)
    if prediction.gist and not job.query.subject:
        ticket.summary = summary(prediction.gist)


def _route(app: App, change: Change, prediction: Prediction | None, *, first: bool) -> None:
    tx, ticket = change.tx, change.ticket
    if prediction is None:
        ticket.state, ticket.review_reasons = State.REVIEW, [Because.LOW_CONFIDENCE]
    else:
        _place(tx, ticket, prediction)
        pausing.end_where_moved(app, change)
    ticket.version += 1
    deadlines.judge(app, tx, ticket)
    told = _acknowledge(app, tx, ticket) if first else None
    change.audit(
        AuditAction.TRIAGE_FAILED if prediction is None else AuditAction.TRIAGED,
        after={
            "model": prediction.model if prediction else None,
            **({"acknowledgement": told} if told else {}),
        },
    )


def _place(tx: Transaction, ticket: Ticket, prediction: Prediction) -> None:
    decided = route(
        Triage(
            kind=Kind(prediction.kind.id),
            field=prediction.field.id,
            ward_code=prediction.ward.code if prediction.ward else None,
            urgent=prediction.urgent.value,
            needs_review=prediction.needs_review,
            outside_hanoi=prediction.outside_hanoi,
        )
    )
    ticket.kind, ticket.field_id = prediction.kind.id, prediction.field.id
    ticket.queue, ticket.ward_code = decided.queue, decided.ward_code
    ticket.level, ticket.restricted = decided.level, decided.restricted
    ticket.review_reasons = list(decided.reasons)
    ticket.state = check(State(ticket.state), decided.action)
    if ticket.state == State.OPEN:
        ticket.accepted_at = ticket.accepted_at or tx.now


def _leave(app: App, change: Change, news: News | None, *, first: bool) -> None:
    """The ticket stays where it stands, unless a later message tells of something grave."""
    tx, ticket = change.tx, change.ticket
    if news is not None and not ticket.restricted and ticket.state in HEEDFUL:
        _heed(app, change, news)
    if first and (told := _acknowledge(app, tx, ticket)):
        change.audit(AuditAction.ACKNOWLEDGED, after={"message": told})


def _news(prediction: Prediction | None, known: PredictionRow | None) -> News | None:
    """Kind and urgency where the reading before did not say the same: that one, a person has already judged."""
    if prediction is None:
        return None
    said = known.result if known else {}
    kind = said.get("kind", {}).get("id")
    urgent = said.get("urgent", {}).get("value", False)
    return News(
        kind=Kind(prediction.kind.id) if prediction.kind.id != kind else None,
        urgent=prediction.urgent.value and not urgent,
    )


def _heed(app: App, change: Change, news: News) -> None:
    """A later message never moves a ticket to another ward, but danger and accusations in it are not overlooked."""
    tx, ticket = change.tx, change.ticket
    grave = news.kind if news.kind in LEGAL_ROADS else None
    urgent = news.urgent and ticket.level != Level.URGENT and ticket.state in WAITING
    if grave is None and not urgent:
        return
    if urgent:
        ticket.level = Level.URGENT
    if grave is not None:
        ticket.kind, ticket.assigned_to = grave, None
        put(ticket, reclassify(facts(ticket), grave, ticket.field_id or "other"))
        ticket.state = State.REVIEW
    pausing.end_where_moved(app, change)
    ticket.version += 1
    deadlines.judge(app, tx, ticket)
    change.audit(AuditAction.TRIAGED, reason="a later message")


def _acknowledge(app: App, tx: Transaction, ticket: Ticket) -> int | None:
    """Id of the message. On channels that carry text; spam is not answered, nor who already has an answer."""
    adapter = app.adapters.get(ticket.channel)
    if adapter is None or not adapter.info.can_reply or ticket.kind == Kind.SPAM or ticket.first_answer_at:
        return None
    if ticket.channel in BY_MAIL and _often(app, tx, ticket):
        return None
    if ticket.restricted:
        words = texts.neutral_acknowledgement(ticket.code)
    else:
        urgent = ticket.level == Level.URGENT
        words = texts.acknowledgement(
            ticket.code, ticket.answer_due_at, replies.follow_url(app, ticket), urgent=urgent
        )
    message = replies.queue(
        app, tx, ticket, purpose=Purpose.ACKNOWLEDGEMENT, text=words, dedup_key=f"ack:{ticket.id}"
    )
    return message.id


def _often(app: App, tx: Transaction, ticket: Ticket) -> bool:
    """RFC 3834 asks for a backstop: not every machine marks its mails as automatic."""
    since = tx.now - timedelta(hours=1)
    sent = tickets.acknowledged_since(tx.session, ticket.contact_id, since)
    if sealing.belongs(ticket):
        sent += sealing.acknowledged_since(app, tx, ticket, since)
    if sent >= MOST_ACKNOWLEDGED:
        log.warning("not acknowledged, too many to one address", extra={"channel": ticket.channel})
    return sent >= MOST_ACKNOWLEDGED
