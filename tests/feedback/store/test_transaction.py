"""No change without its trace; no half of a change."""

from __future__ import annotations

import pytest

from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import UnauditedChange
from feedback.store.tables import Ticket
from tests.feedback.matters import routed, ticket
from tests.feedback.people import LAN


def test_a_change_without_audit_row_is_refused(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    with app.store.transaction(LAN) as tx:
        found = tx.session.get_one(Ticket, ticket(app, code).id)
        found.level = "urgent"
        with pytest.raises(UnauditedChange, match="Ticket"):
            tx.commit()
    assert ticket(app, code).level == "normal"


def test_leaving_without_commit_rolls_everything_back(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    with app.store.transaction(LAN) as tx:
        tx.session.get_one(Ticket, ticket(app, code).id).level = "urgent"
        tx.audit("ticket:0", "comment")
        tx.session.flush()
    assert ticket(app, code).level == "normal"


def test_an_exception_rolls_everything_back(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    with pytest.raises(ZeroDivisionError), app.store.transaction(LAN) as tx:
        tx.session.get_one(Ticket, ticket(app, code).id).level = "urgent"
        tx.audit("ticket:0", "comment")
        raise ZeroDivisionError
    assert ticket(app, code).level == "normal"


def test_reading_cannot_write(app: App, settings: Settings) -> None:
    from sqlalchemy.exc import InternalError

    code = routed(app, settings)
    with app.store.reading() as session, pytest.raises(InternalError, match="read-only"):
        session.get_one(Ticket, ticket(app, code).id).level = "urgent"
        session.flush()


def test_all_questions_of_one_reading_see_the_same_moment(app: App, settings: Settings) -> None:
    routed(app, settings)
    with app.store.reading() as session:
        before = session.query(Ticket).count()
        routed(app, settings)
        assert session.query(Ticket).count() == before == 1
    with app.store.reading() as session:
        assert session.query(Ticket).count() == 2


def test_the_bell_rings_after_commit_only(app: App, settings: Settings) -> None:
    rung: list[frozenset[str]] = []
    from feedback.store import Store

    store = Store(app.store.engine, rung.append)
    code = routed(app, settings)
    target = ticket(app, code)
    with store.transaction(LAN) as tx:
        tx.enqueue("deliver", ticket_id=target.id, message_id=1, dedup_key="a")
    assert rung == []
    with store.transaction(LAN) as tx:
        tx.enqueue("deliver", ticket_id=target.id, message_id=1, dedup_key="a")
        tx.commit()
    assert rung == [frozenset({"deliver"})]
