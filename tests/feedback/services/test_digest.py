"""Reminders by mail: one mail a person, at the right time, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from channels.message import RawDelivery
from feedback import bootstrap
from feedback.domain import digests
from feedback.domain.digests import Line
from feedback.domain.kinds import Kind, Level
from feedback.domain.terms import Part
from feedback.services import answer, digest, intake, placing
from feedback.settings import Settings
from feedback.store.reminders import LEASE
from tests.fakes.mail import SmtpSink, build_mail
from tests.feedback.services.office import MONDAY, Office

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
URGENT = {"urgent": True}


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def office(environ: dict[str, str], smtp: SmtpSink) -> Iterator[Office]:
    mail = {
        "FEEDBACK_IMAP_HOST": "127.0.0.1",
        "FEEDBACK_IMAP_PORT": "1",
        "FEEDBACK_IMAP_TLS": "none",
        "FEEDBACK_IMAP_USER": "x",
        "FEEDBACK_IMAP_PASSWORD": "x",
        "FEEDBACK_SMTP_HOST": smtp.host,
        "FEEDBACK_SMTP_PORT": str(smtp.port),
        "FEEDBACK_SMTP_TLS": "none",
        "FEEDBACK_EMAIL_ADDRESS": "phananh@hanoi.test",
    }
    settings = Settings.from_env({**environ, **mail})
    built = bootstrap.build(settings)
    yield Office.opened(built, settings)
    built.store.engine.dispose()


def opened(smtp: SmtpSink) -> list[EmailMessage]:
    return [message_from_bytes(sent.raw, policy=default) for sent in smtp.sent]


def letters(smtp: SmtpSink) -> dict[str, str]:
    """Recipient → text, of mails that went to one person each."""
    return {mail["To"].addresses[0].username: mail.get_content() for mail in opened(smtp)}


def look(office: Office) -> int:
    """What the clock process does: scan, then mail."""
    office.scan()
    return digest.run(office.app, "test")


def states(office: Office) -> list[str]:
    return [row.state for row in office.digests()]


def test_an_urgent_step_is_mailed_at_once_to_each_who_is_told(office: Office, smtp: SmtpSink) -> None:
    code = office.ticket(**URGENT)
    office.go(2 * HOUR)
    assert look(office) == 3
    assert set(letters(smtp)) == {"lan", "hung", "phuong"}
    assert code in letters(smtp)["lan"]
    assert [look(office) for _ in range(3)] == [0, 0, 0]
    assert states(office) == ["sent"] * 3


def test_the_mail_says_what_is_due_and_nothing_personal(office: Office, smtp: SmtpSink) -> None:
    code = office.ticket(**URGENT)
    office.go(2 * HOUR)
    look(office)
    (mail, *_) = opened(smtp)
    text = mail.get_content()
    assert f"- {code} · Rác ba ngày chưa ai dọn · Phường Thanh Liệt · hạn 12:00 thứ Hai, 02/03/2026" in text
    assert "KHẨN – Đã qua 50 % thời hạn trả lời" in text
    assert f"{office.app.desk_url}/nhac-viec" in text
    assert "09000" not in text
    assert mail["Subject"] == "KHẨN: Nhắc việc: 1 hồ sơ"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"].addresses[0].addr_spec == "phananh@hanoi.test"
    assert mail["Message-ID"].startswith("<hn.reminder.")


def test_an_answer_to_a_reminder_is_no_matter_of_a_citizen(office: Office, smtp: SmtpSink) -> None:
    office.ticket(**URGENT)
    office.go(2 * HOUR)
    look(office)
    parent = opened(smtp)[0]["Message-ID"]
    reply = build_mail(
        "lan@example.test", "phananh@hanoi.test", "Re: Nhắc việc", "Đã rõ.", in_reply_to=parent
    )
    delivery = RawDelivery("email", "phananh@hanoi.test", reply, {}, office.now)
    assert intake.receive(office.app, delivery).reason == "staff_reply"


def test_urgent_mails_to_one_person_stay_ten_minutes_apart(office: Office, smtp: SmtpSink) -> None:
    office.ticket(**URGENT)
    office.go(MINUTE)
    office.ticket(**URGENT)
    office.go(2 * HOUR - MINUTE)
    look(office)
    office.go(MINUTE)
    assert look(office) == 0
    office.go(8 * MINUTE)
    assert look(office) == 0
    office.go(MINUTE)
    assert look(office) == 3
    assert len(smtp.sent) == 6


def test_ordinary_steps_wait_for_the_half_hour_and_come_in_one_mail(office: Office, smtp: SmtpSink) -> None:
    codes = [office.ticket()]
    office.go(10 * MINUTE)
    codes.append(office.ticket())
    office.go(office.look(codes[1]).next_step_at or MONDAY)
    assert look(office) == 0
    office.go(digests.slot_of(office.now) + digests.SLOT)
    while not digests.is_office_time(office.now, office.app.calendar):
        office.go(digests.SLOT)
    assert look(office) == 3
    assert all(code in text for text in letters(smtp).values() for code in codes)


def test_nothing_ordinary_is_mailed_outside_working_time(office: Office, smtp: SmtpSink) -> None:
    office.ticket()
    office.go(datetime.fromisoformat("2026-03-07T10:00+07:00"))
    office.scan()
    for _ in range(96):
        assert digest.run(office.app, "test") == 0
        office.go(30 * MINUTE)
        if office.now >= datetime.fromisoformat("2026-03-09T08:00+07:00"):
            break
    assert look(office) == 3
    assert office.now == datetime.fromisoformat("2026-03-09T08:00+07:00")


def test_a_restricted_matter_is_a_code_and_a_date(office: Office, smtp: SmtpSink) -> None:
    code = office.ticket(kind="denunciation")
    office.go(datetime.fromisoformat("2026-03-09T09:00+07:00"))
    office.scan()
    office.go(30 * MINUTE)
    look(office)
    assert set(letters(smtp)) == {"thu"}
    text = letters(smtp)["thu"]
    assert f"- {code} · hồ sơ hạn chế · hạn" in text
    assert "Rác" not in text
    assert "Phường" not in text
    assert "tố cáo" not in text


def test_whoever_may_no_longer_read_the_ticket_gets_no_mail_about_it(office: Office, smtp: SmtpSink) -> None:
    code = office.ticket(**URGENT)
    office.go(2 * HOUR)
    office.scan()
    placing.reclassify(
        office.app, office.actor("dung"), code, office.look(code).version,
        kind=Kind.DENUNCIATION, field_id="waste", level=Level.URGENT, reason_id="accuses_violation",
    )  # fmt: skip
    digest.run(office.app, "test")
    assert smtp.sent == []
    assert states(office) == ["void"] * 3


def test_what_was_answered_before_the_mail_is_not_in_it(office: Office, smtp: SmtpSink) -> None:
    done, left = office.ticket(**URGENT), office.ticket(**URGENT)
    office.go(2 * HOUR)
    office.scan()
    answer.submit(office.app, office.actor("lan"), done, office.look(done).version, "Đã dọn.")
    digest.run(office.app, "test")
    assert all(left in text and done not in text for text in letters(smtp).values())


def test_somebody_dismissed_meanwhile_gets_no_mail(office: Office, smtp: SmtpSink) -> None:
    office.ticket(**URGENT)
    office.go(2 * HOUR)
    office.scan()
    office.dismiss("lan")
    digest.run(office.app, "test")
    assert set(letters(smtp)) == {"hung", "phuong"}


def test_without_mail_the_desk_alone_tells(environ: dict[str, str]) -> None:
    settings = Settings.from_env(environ)
    app = bootstrap.build(settings)
    office = Office.opened(app, settings)
    office.ticket(**URGENT)
    office.go(2 * HOUR)
    assert look(office) == 0
    assert states(office) == ["desk"] * 3
    app.store.engine.dispose()


def test_a_passing_refusal_is_tried_again_later(office: Office, smtp: SmtpSink) -> None:
    office.ticket(**URGENT)
    office.dismiss("lan")
    office.dismiss("hung")
    smtp.answers = ["451 4.3.0 later"]
    office.go(2 * HOUR)
    assert look(office) == 1
    assert (smtp.sent, states(office)) == ([], ["waiting"])
    assert look(office) == 0  # not before its time
    office.go(digest.FIRST_WAIT)
    look(office)
    assert (len(smtp.sent), states(office)) == (1, ["sent"])


def test_a_final_refusal_ends_one_mail_and_no_other(office: Office, smtp: SmtpSink) -> None:
    office.ticket(**URGENT)
    smtp.answers = ["550 5.1.1 unknown"]
    office.go(2 * HOUR)
    look(office)
    assert (len(smtp.sent), states(office)) == (2, ["failed", "sent", "sent"])


def test_a_process_that_ended_before_sending_has_told_nobody_and_another_does(
    office: Office, smtp: SmtpSink
) -> None:
    office.ticket(**URGENT)
    office.go(2 * HOUR)
    office.scan()
    digest.gather(office.app)
    assert len(digest._claimed(office.app, "the dead one", 4)) == 3
    assert digest.run(office.app, "the living one") == 0
    office.go(LEASE + MINUTE)
    assert digest.run(office.app, "the living one") == 3
    assert (len(smtp.sent), states(office)) == (3, ["sent"] * 3)


def test_a_process_that_ended_while_sending_leaves_the_mail_unknown_and_it_is_not_repeated(
    office: Office, smtp: SmtpSink
) -> None:
    office.ticket(**URGENT)
    office.go(2 * HOUR)
    office.scan()
    digest.gather(office.app)
    (first, *_) = digest._claimed(office.app, "the dead one", 4)
    job = digest._begun(office.app, "the dead one", first)
    assert job is not None
    office.app.adapters["email"].send(job.message)
    office.go(LEASE + MINUTE)
    digest.run(office.app, "the living one")
    assert (len(smtp.sent), states(office)) == (3, ["unknown", "sent", "sent"])


def test_a_slow_process_that_lost_its_lease_still_says_that_it_sent(office: Office, smtp: SmtpSink) -> None:
    office.ticket(**URGENT)
    office.go(2 * HOUR)
    office.scan()
    digest.gather(office.app)
    (first, *_) = digest._claimed(office.app, "slow", 1)
    job = digest._begun(office.app, "slow", first)
    assert job is not None
    office.go(LEASE + MINUTE)
    digest.run(office.app, "quick")
    assert states(office) == ["unknown", "sent", "sent"]
    digest._send(office.app, "slow", job)
    assert (len(smtp.sent), states(office)) == (3, ["sent"] * 3)


def test_a_long_list_is_cut_and_says_so() -> None:
    lines = [
        Line(f"HN-26-{number:04}", Part.ANSWER, 80, MONDAY + number * MINUTE, False, "Rác", "Phường")
        for number in range(60)
    ]
    mail = digests.compose(lines, "https://desk.test")
    assert mail.text.count("\n- ") == 50
    assert "… và 10 hồ sơ nữa." in mail.text
    assert mail.subject == "Nhắc việc: 60 hồ sơ"


def test_the_most_pressing_stand_first_under_their_step() -> None:
    def line(code: str, share: int, *, urgent: bool = False) -> Line:
        return Line(code, Part.ANSWER, share, MONDAY, urgent, "Rác", "Phường")

    lines = [line("A", 50), line("B", 150), line("C", 100), line("D", 50, urgent=True)]
    text = digests.compose(lines, "https://desk.test").text
    assert [text.index(f"- {code}") for code in "DBCA"] == sorted(text.index(f"- {code}") for code in "ABCD")
    assert "Quá thời hạn trả lời: 150 %:" in text
