"""Retention on a real database: what goes, what stays, and what two processes do at once."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from classifier.pii import mask
from feedback import bootstrap
from feedback.domain import retention
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Actor, Role
from feedback.domain.retention import Plan
from feedback.services import answer, comment, ending, erase, placing, read, report, retain, rights_desk
from feedback.services.app import App
from feedback.services.periods import Period
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import audit
from feedback.store.tables import Blob, Erasure, LegalHold, RawEvent
from tests.feedback.matters import form_delivery, reading, routed, send, ticket
from tests.feedback.people import AN, HOA, NGHIA_DO, THU
from tests.feedback.services.keeping import EMAIL, NAME, PHONE, SYSTEM, YEAR, age, mentions, old
from tests.servers import DatabaseUrls

PLAN = retention.shipped()


def run(app: App, plan: Plan = PLAN) -> dict[str, int]:
    """What was erased, by rule."""
    return {done.rule.id: done.erased for done in retain.run(app, plan, mask) if done.erased}


def register(app: App) -> list[Erasure]:
    with app.store.reading() as session:
        return session.query(Erasure).order_by(Erasure.id).all()


def test_an_old_matter_loses_its_person_and_keeps_its_history(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = old(app, settings)
    assert mentions(database_urls.superuser, NAME, PHONE, EMAIL)
    erased = run(app)
    assert erased["ticket.report"] == 1
    assert mentions(database_urls.superuser, NAME, PHONE, "+84900000077", EMAIL, "phố Vọng") == []
    found = ticket(app, code)
    assert (found.state, found.ward_code, found.field_id) == ("closed", "00643", "waste")
    assert (found.address, found.lat, found.lon, found.summary, found.search) == (None, None, None, "", "")
    assert found.erased_at is not None
    assert found.contact.erased_at is not None
    assert found.contact.address is None


def test_what_was_said_is_masked_and_spam_is_emptied(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    said = "Tôi là Phạm Thị Thử Nghiệm, số 0900000077, rác chất đống ở chợ"
    for kind in ("report", "spam"):
        old(app, settings, kind=kind)
        with psycopg.connect(database_urls.superuser) as connection:
            connection.execute("UPDATE message SET text = %s WHERE direction = 'in'", (said,))
    run(app)
    with psycopg.connect(database_urls.superuser) as connection:
        query = (
            "SELECT t.kind, m.text FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE direction = 'in'"
        )
        texts: dict[str, str] = dict(connection.execute(query).fetchall())
    assert "rác chất đống ở chợ" in texts["report"]
    assert "0900000077" not in texts["report"]
    assert "Thử Nghiệm" not in texts["report"]
    assert texts["spam"] == ""


def test_figures_and_trail_are_the_same_before_and_after(app: App, settings: Settings) -> None:
    for kind in ("report", "proposal", "question"):
        old(app, settings, kind=kind)
    then = ticket(app, old(app, settings)).received_at.date()
    period = Period(then - timedelta(days=30), then + timedelta(days=30))
    before = report.overview(app, AN, period)
    assert before.total.received == 4
    assert run(app)
    assert report.overview(app, AN, period) == before
    with app.store.reading() as session:
        assert audit.verify(session).broken is None


@pytest.mark.parametrize("state", ["new", "review", "open"])
def test_a_running_matter_is_never_touched(app: App, settings: Settings, state: str) -> None:
    code = old(app, settings, 30)
    age(app, code, 30, state=state, answered_at=None, first_answer_at=None, closed_at=None)
    assert run(app) == {}
    assert ticket(app, code).erased_at is None


def test_years_count_from_the_last_thing_that_happened(app: App, settings: Settings) -> None:
    code = old(app, settings, 6)
    age(app, code, 6, last_citizen_at=app.store.now() - 2 * YEAR)
    assert "ticket.report" not in run(app)
    assert ticket(app, code).erased_at is None


def test_a_rejected_report_goes_by_its_own_rule(app: App, settings: Settings) -> None:
    rejected, settled = old(app, settings, 3), old(app, settings, 3, phone="0900000078")
    age(app, rejected, 3, state="rejected")
    assert run(app)["ticket.report.rejected"] == 1
    assert ticket(app, settled).erased_at is None


def test_a_held_matter_stays_until_the_hold_is_lifted(app: App, settings: Settings) -> None:
    code = old(app, settings)
    held = ticket(app, code)
    with app.store.transaction(SYSTEM) as tx:
        tx.session.add(
            LegalHold(ticket_id=held.id, reason="court", authority="TAND", set_by="test", set_at=tx.now)
        )
        tx.audit("test", "held")
        tx.commit()
    assert run(app) == {}
    with app.store.transaction(SYSTEM) as tx:
        hold = tx.session.query(LegalHold).one()
        hold.lifted_at, hold.lifted_by = tx.now, "test"
        tx.audit("test", "hold_lifted")
        tx.commit()
    assert run(app)["ticket.report"] == 1


def test_a_person_with_a_newer_matter_stays_a_contact(app: App, settings: Settings) -> None:
    code, newer = old(app, settings), old(app, settings, 1)
    assert ticket(app, code).contact_id == ticket(app, newer).contact_id
    run(app)
    assert ticket(app, code).erased_at is not None
    assert ticket(app, newer).contact.phone == PHONE
    age(app, newer, 6)
    run(app)
    assert ticket(app, newer).contact.phone is None


def test_a_new_message_of_an_erased_person_is_a_new_contact(app: App, settings: Settings) -> None:
    code = old(app, settings)
    run(app)
    again = routed(app, settings, name=NAME, phone=PHONE)
    assert ticket(app, again).contact_id != ticket(app, code).contact_id


def test_original_deliveries_are_emptied_and_still_known(app: App, settings: Settings) -> None:
    code = old(app, settings, 2)
    assert run(app) == {"raw_body": 1}
    with app.store.reading() as session:
        row = session.query(RawEvent).one()
        assert (row.body, row.headers) == (b"", {})
        assert row.body_size
        assert row.body_size > 50
        assert row.body_sha256
        assert len(row.body_sha256) == 64
    assert ticket(app, code).erased_at is None


def test_quarantined_and_ignored_events_go_after_their_own_time(app: App) -> None:
    with app.store.transaction(SYSTEM) as tx:
        for number, (outcome, years) in enumerate(
            [("quarantined", 2), ("quarantined", 0.5), ("ignored", 2), ("ignored", 0.5)]
        ):
            then = tx.now - years * YEAR
            tx.session.add(
                RawEvent(
                    channel="zalo", account="a", external_id=str(number), body=b"{}", headers={"a": "b"},
                    received_at=then, last_delivery_at=then, outcome=outcome,
                )
            )  # fmt: skip
        tx.commit()
    assert run(app) == {"quarantined": 1, "ignored": 1}
    with app.store.reading() as session:
        assert [row.outcome for row in session.query(RawEvent) if row.body == b""] == [
            "quarantined",
            "ignored",
        ]


def test_files_go_when_nobody_refers_to_them(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code, other = old(app, settings, 3), old(app, settings, 1)
    with psycopg.connect(database_urls.superuser) as connection:
        for number, owners in enumerate([(code,), (code, other), ()]):
            blob = connection.execute(
                "INSERT INTO blob (sha256, content_type, data, created_at)"
                " VALUES (%s, 'image/png', 'x', now() - interval '3 years') RETURNING id",
                (f"sha-{number}",),
            ).fetchone()
            for owner in owners:
                connection.execute(
                    "INSERT INTO attachment (message_id, kind, name, blob_id)"
                    " SELECT m.id, 'image', 'nha-toi.png', %s FROM message m JOIN ticket t ON t.id = m.ticket_id"
                    " WHERE t.code = %s AND m.direction = 'in'",
                    (blob[0] if blob else None, owner),
                )
    assert run(app)["upload"] == 1
    with app.store.reading() as session:
        assert [row.sha256 for row in session.query(Blob)] == ["sha-1"]
    assert [row.what for row in register(app)].count("file") == 2


def test_a_file_handed_in_a_moment_ago_is_not_taken_for_forgotten(app: App) -> None:
    from feedback.store import blobs

    with app.store.transaction(SYSTEM) as tx:
        old_one = blobs.put(tx.session, sha256="a", content_type="image/png", data=b"a", now=tx.now - YEAR)
        again = blobs.put(tx.session, sha256="a", content_type="image/png", data=b"a", now=tx.now)
        tx.commit()
    assert old_one == again
    run(app)
    with app.store.reading() as session:
        assert session.query(Blob).count() == 1


def test_a_rehearsal_counts_and_changes_nothing(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    old(app, settings)
    before = mentions(database_urls.superuser, NAME)
    counts = {done.rule.id: done.due for done in retain.count(app, PLAN) if done.due}
    assert counts == {"ticket.report": 1, "raw_body": 1}
    assert mentions(database_urls.superuser, NAME) == before
    assert register(app) == []


def test_a_second_run_erases_nothing_twice(app: App, settings: Settings) -> None:
    old(app, settings)
    run(app)
    lines = len(register(app))
    assert run(app) == {}
    assert len(register(app)) == lines


def test_one_bad_row_does_not_stop_the_others(
    app: App, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [old(app, settings, phone=f"090000010{number}") for number in range(3)]
    bad = ticket(app, codes[1]).id
    whole = erase.ticket

    def trips(tx: object, row: object, *rest: object) -> None:
        if getattr(row, "id", None) == bad:
            raise ValueError("a text no mask survives")
        whole(tx, row, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(erase, "ticket", trips)
    done = {row.rule.id: row for row in retain.run(app, PLAN, mask)}["ticket.report"]
    assert (done.erased, done.failed) == (2, 1)
    assert [ticket(app, code).erased_at is None for code in codes] == [False, True, False]
    monkeypatch.undo()
    assert run(app)["ticket.report"] == 1


def test_a_stopped_run_goes_on_where_it_ended(app: App, settings: Settings) -> None:
    for number in range(3):
        old(app, settings, phone=f"090000010{number}")
    asked = iter([False, True])
    retain.run(app, PLAN, mask, stopped=lambda: next(asked, True))
    assert [row.what for row in register(app)].count("ticket") == 1
    assert run(app)["ticket.report"] == 2


def _run_elsewhere(settings: Settings, barrier: object) -> None:
    app = bootstrap.build(settings, pool_size=2)
    barrier.wait()  # type: ignore[attr-defined]
    retain.run(app, PLAN, mask)


def test_two_processes_at_once_erase_once(app: App, settings: Settings) -> None:
    for number in range(12):
        old(app, settings, phone=f"09000001{number:02d}")
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    both = [context.Process(target=_run_elsewhere, args=(settings, barrier)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(timeout=120)
    assert [process.exitcode for process in both] == [0, 0]
    lines = [row.ticket_id for row in register(app) if row.what == "ticket"]
    assert len(lines) == 12
    assert len(set(lines)) == 12
    with app.store.reading() as session:
        assert audit.verify(session).broken is None


def test_the_register_says_what_by_which_rule_and_is_only_added_to(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = old(app, settings)
    run(app)
    line = next(row for row in register(app) if row.what == "ticket")
    assert (line.ticket_id, line.rule, line.plan_version) == (
        ticket(app, code).id,
        "ticket.report",
        PLAN.version,
    )
    assert line.counts["messages"] == 2
    for change in ("UPDATE erasure SET by = 'x'", "DELETE FROM erasure", "TRUNCATE erasure"):
        with (
            psycopg.connect(database_urls.app, options="-c role=feedback_app") as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(change)
        with (
            psycopg.connect(database_urls.owner) as connection,
            pytest.raises(psycopg.Error, match="append-only"),
        ):
            connection.execute(change)


def test_the_application_cannot_blank_the_reading_of_a_matter_that_is_not_erased(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    kept = ticket(app, routed(app, settings))
    with psycopg.connect(database_urls.app, options="-c role=feedback_app") as connection:
        with pytest.raises(psycopg.Error, match="not erased"):
            connection.execute("SELECT erase_prediction_texts(%s)", (kept.id,))
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE prediction SET result = '{}'")


def test_a_shorter_plan_erases_sooner(app: App, settings: Settings) -> None:
    old(app, settings, 1.5)
    rules = tuple(replace(rule, years=1) for rule in PLAN.rules)
    assert run(app, replace(PLAN, rules=rules))["ticket.report"] == 1


def test_an_erased_ticket_is_not_worked_on_any_more(app: App, settings: Settings) -> None:
    from feedback.domain.errors import IllegalChange

    code = old(app, settings)
    run(app)
    officer = Actor(None, "Dũng", frozenset({Role.DISPATCHER}))
    with pytest.raises(IllegalChange, match="đã được xóa"):
        comment.add(app, officer, code, ticket(app, code).version, "còn gì không?")


def test_what_never_went_out_is_not_sent_after_erasing(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    from feedback.domain.errors import IllegalChange
    from feedback.services import resend

    code = old(app, settings)
    with psycopg.connect(database_urls.owner) as connection:
        row = connection.execute(
            "UPDATE outbox SET state = 'dead' WHERE task = 'deliver' RETURNING message_id"
        )
        (message_id,) = row.fetchone() or (0,)
    run(app)
    officer = Actor(None, "Dũng", frozenset({Role.DISPATCHER}))
    with pytest.raises(IllegalChange):
        resend.again(app, officer, code, message_id)


def test_log_ins_are_counted_and_stay_in_the_trail(app: App) -> None:
    with app.store.transaction(SYSTEM) as tx:
        event = tx.audit("account:1", "logged_in")
        tx.commit()
    rules = tuple(rule for rule in PLAN.rules if rule.id == "login")
    with app.store.reading() as session:
        from feedback.store import retention as rows
        from feedback.store.retention import Due

        due = Due(rules[0].subject, event.at + timedelta(seconds=1))
        assert rows.count(session, due) == 1
    assert run(app, replace(PLAN, rules=rules)) == {}


def test_reading_a_repeat_of_an_emptied_delivery_is_no_new_matter(app: App, settings: Settings) -> None:
    from feedback.services import intake

    delivery = form_delivery(settings, "Đèn đường hỏng", phone=PHONE)
    code = intake.receive(app, delivery).code
    assert code is not None
    from tests.feedback import matters

    matters.read(app, reading())
    send(app)
    age(app, code, 6)
    run(app)
    again = intake.receive(app, delivery)
    assert (again.kind, again.code) == ("duplicate", code)


def test_a_denunciation_goes_from_under_seal_as_well(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = old(app, settings, 14, kind="denunciation")
    assert run(app) == {}
    age(app, code, 16)
    with psycopg.connect(database_urls.superuser) as connection:
        count = "SELECT count(*) FROM sealed"
        assert connection.execute(count).fetchone() != (0,)
        assert run(app) == {"ticket.denunciation": 1}
        assert connection.execute(count).fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM seal_trace").fetchone() == (0,)
    today = app.store.now().date()
    shown = rights_desk.register(app, HOA, Period(today - timedelta(days=1), today + timedelta(days=1)))
    assert [row.rule for row in shown if row.rule == "ticket.denunciation"] == []
    opened = read.open_ticket(app, THU, code)
    assert [message.text for message in opened.messages if message.direction == "in"] == [""]


def test_no_row_of_the_trail_names_anybody(app: App, settings: Settings, database_urls: DatabaseUrls) -> None:
    """Every use case by which an officer explains something in own words, with a name and a number in it."""
    named = f"Bà {NAME} ở số {PHONE} nói vậy"
    dung = Actor(None, "Dũng", frozenset({Role.DISPATCHER}))

    def fresh() -> tuple[str, int]:
        code = routed(app, settings, name=NAME, phone=PHONE)
        return code, ticket(app, code).version

    transfer = Place(Queue.WARD, NGHIA_DO)
    placing.transfer(app, dung, *fresh(), transfer, "other", named)
    placing.send_back(app, dung, *fresh(), "other", named)
    placing.reclassify(
        app, dung, *fresh(), kind=Kind.PROPOSAL, field_id="waste", level=Level.NORMAL, note=named
    )
    ending.close(app, dung, *fresh(), "other", named)
    ending.reject(app, dung, *fresh(), "other", named)
    comment.add(app, dung, *fresh(), named)
    answer.submit(app, dung, *fresh(), named)
    send(app)
    rows = mentions(database_urls.superuser, NAME, PHONE)
    assert "audit_event" not in {row.partition(":")[0] for row in rows}
    assert len([row for row in rows if row.startswith("message:") and ",note," in row]) == 6
