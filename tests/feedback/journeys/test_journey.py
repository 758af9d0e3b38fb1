"""One message per channel, from the citizen's words to the answer in the citizen's hands, through real processes."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta

from feedback.domain.permissions import Actor, Role
from feedback.services import answer, intake, read, report, resend, status
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import tickets
from feedback.store.tables import Ticket
from tests.fakes import hotline
from tests.fakes.mail import build_mail
from tests.feedback.journeys.conftest import ROOT, Service, wait_for
from tests.feedback.matters import form_delivery
from tests.feedback.people import AN, DUNG

CITIZEN = "7000000000000000001"
CLEAR = "Đống rác to trước ngõ 12 phường Nghĩa Đô ba hôm nay không ai thu gom, hôi thối lắm"


def all_tickets(app: App) -> list[Ticket]:
    with app.store.reading() as session:
        return list(session.query(Ticket).order_by(Ticket.id))


def officer_of(ticket: Ticket) -> Actor:
    """Whoever the ticket stands with: staff of its ward, or the dispatcher."""
    if ticket.queue == "ward":
        return Actor(None, "Lan", frozenset({Role.WARD_OFFICER}), ticket.ward_code)
    return DUNG


def write_on_every_channel(service: Service) -> None:
    service.zalo.interact(CITIZEN)
    assert service.post("zalo", service.zalo.account.text(CITIZEN, CLEAR)) == 200
    assert service.post("ihanoi", service.ihanoi.app.report("IH-1", CLEAR, phone="0900000002")) == 200
    service.mailbox.append(build_mail("lan@example.test", "phananh@hanoi.test", "Rác", CLEAR))
    turns = [("caller", "tôi ở phường nghĩa đô ba hôm nay rác không ai thu gom cô ạ"), ("agent", "dạ vâng ạ")]
    hotline.drop(service.calls, "a.json", hotline.vcon("0193a", turns, caller_number="0900000003"), 10)
    form = form_delivery(Settings.from_env(service.environ), CLEAR, email="mai@example.test")
    intake.receive(service.app, form)


def test_every_channel_from_words_to_answer(service: Service) -> None:
    service.start_web()
    service.start_worker()
    service.start_clock()
    app = service.app
    write_on_every_channel(service)
    wait_for("five tickets", lambda: status.current(app.store).tickets == 5)
    wait_for("five routed", lambda: all(t.state in ("open", "review") for t in all_tickets(app)))
    found = {ticket.channel: ticket for ticket in all_tickets(app)}
    assert set(found) == {"zalo", "ihanoi", "email", "hotline", "web"}
    for ticket in found.values():
        assert ticket.answer_due_at is not None
        assert ticket.field_id == "waste"
    assert (found["zalo"].queue, found["zalo"].ward_code) == ("ward", "00160")
    wait_for("acknowledgements", lambda: status.current(app.store).replies_sent == 4)
    for ticket in all_tickets(app):
        words = f"Đã dọn xong ({ticket.channel})."
        answer.submit(app, officer_of(ticket), ticket.code, ticket.version, words)
    wait_for("answers", lambda: status.current(app.store).replies_sent == 8)
    the_answers_are_in_the_citizens_hands(service)
    the_caller_is_telephoned(app, found["hotline"])
    the_centre_sees_five_on_time(app, found["hotline"])
    the_trail_holds_and_the_log_is_silent(service)
    assert service.stop("worker") == 0
    assert service.stop("clock") == 0


def the_answers_are_in_the_citizens_hands(service: Service) -> None:
    assert "Đã dọn xong (zalo)." in service.zalo.sent[-1].text
    assert any("Đã dọn xong (ihanoi)." in push.text for push in service.ihanoi.received)
    recipients = [mail.recipients for mail in service.outgoing.sent]
    assert recipients.count(("lan@example.test",)) == 2
    assert recipients.count(("mai@example.test",)) == 2


def the_caller_is_telephoned(app: App, call: Ticket) -> None:
    back = read.open_ticket(app, officer_of(call), call.code).messages[-1]
    assert back.delivery == "callback"
    resend.telephoned(app, officer_of(call), call.code, back.id)
    now = status.current(app.store)
    assert (now.received, now.tickets, now.replies_waiting, now.dead) == (5, 5, 0, 0)


def the_centre_sees_five_on_time(app: App, any_ticket: Ticket) -> None:
    today = any_ticket.received_at.date()
    period = report.Period(today - timedelta(days=1), today + timedelta(days=1))
    total = report.overview(app, AN, period).total
    assert (total.received, total.answered, total.on_time) == (5, 5, 5)


def the_trail_holds_and_the_log_is_silent(service: Service) -> None:
    command = (sys.executable, "-m", "feedback.cli", "audit", "verify")
    checked = subprocess.run(
        command, env={**service.environ}, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert re.search(r"holds: \d+ rows in \d+ chains", checked.stdout)
    log = service.log.read_text(errors="replace")
    assert "ba hôm nay" not in log
    assert "0900000003" not in log


def test_the_reply_to_our_mail_joins_its_ticket(service: Service) -> None:
    service.start_worker()
    service.start_clock()
    app = service.app
    service.mailbox.append(build_mail("lan@example.test", "phananh@hanoi.test", "Rác", CLEAR))
    wait_for("acknowledged", lambda: service.outgoing.sent)
    raw = service.outgoing.sent[0].raw.decode()
    ours = re.search(r"^Message-ID:\s*(<[^>]+>)", raw, re.MULTILINE | re.IGNORECASE)
    assert ours is not None
    wait_for("settled", lambda: status.current(app.store).replies_sent == 1)
    service.mailbox.append(
        build_mail(
            "lan@example.test", "phananh@hanoi.test", "Re: Rác", "Thêm: số nhà 14.", in_reply_to=ours[1]
        )
    )
    wait_for("joined", lambda: status.current(app.store).joined == 1)
    assert status.current(app.store).tickets == 1
    with app.store.reading() as session:
        assert tickets.messages(session, 1)[-1].text.startswith("Thêm: số nhà 14.")
