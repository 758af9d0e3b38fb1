"""Mailbox and drop folder through intake: stored first, moved afterwards, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback import bootstrap
from feedback.jobs import sweep
from feedback.services import status
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store.locks import only_one
from tests.fakes import hotline
from tests.fakes.mail import ImapServer, build_mail

CALL = [("caller", "ngõ nhà tôi rác chất đống ba hôm rồi cô ơi"), ("agent", "dạ em ghi nhận ạ")]
ADDRESS = "phananh@hanoi.test"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "calls"
    found.mkdir()
    return found


@pytest.fixture
def app(environ: dict[str, str], folder: Path) -> Iterator[App]:
    built = bootstrap.build(Settings.from_env({**environ, "FEEDBACK_HOTLINE_FOLDER": str(folder)}))
    yield built
    built.store.engine.dispose()


def test_a_dropped_call_becomes_a_ticket_and_is_put_away(app: App, folder: Path) -> None:
    hotline.drop(folder, "one.json", hotline.transcript("c1", CALL, caller_number="0900000001"), 10)
    assert sweep.fetch(app, "hotline") == 1
    assert status.current(app.store).tickets == 1
    assert (folder / "done" / "one.json").exists()


def test_the_same_call_twice_is_one_ticket(app: App, folder: Path) -> None:
    for name in ("a.json", "b.json"):
        hotline.drop(folder, name, hotline.vcon("0193a", CALL, caller_number="0900000001"), 10)
        sweep.fetch(app, "hotline")
    now = status.current(app.store)
    assert (now.received, now.tickets, now.duplicates) == (2, 1, 1)


def test_an_unreadable_file_is_quarantined_and_says_why(app: App, folder: Path) -> None:
    hotline.drop(folder, "bad.json", b'{"call_id": "x", "segments": 7}', 10)
    sweep.fetch(app, "hotline")
    assert status.current(app.store).quarantined == 1
    assert {path.name for path in (folder / "failed").iterdir()} >= {"bad.json"}


def test_a_half_written_file_waits(app: App, folder: Path) -> None:
    whole = hotline.transcript("c2", CALL, caller_number="0900000001")
    hotline.drop(folder, "half.json", whole[: len(whole) // 2], 10)
    assert sweep.fetch(app, "hotline") == 0
    assert status.current(app.store).received == 0
    hotline.drop(folder, "half.json", whole, 10)
    assert sweep.fetch(app, "hotline") == 1


def test_a_full_quarantine_holds_up_nothing_and_loses_nothing(environ: dict[str, str], folder: Path) -> None:
    tight = {**environ, "FEEDBACK_HOTLINE_FOLDER": str(folder), "FEEDBACK_QUARANTINE_PER_MINUTE": "1"}
    app = bootstrap.build(Settings.from_env(tight))
    for number in range(3):
        hotline.drop(folder, f"bad{number}.json", f'{{"call_id": {number}, "segments": 7}}'.encode(), 20)
    hotline.drop(folder, "good.json", hotline.transcript("c9", CALL, caller_number="0900000001"), 10)
    sweep.fetch(app, "hotline")
    now = status.current(app.store)
    assert (now.quarantined, now.rejected, now.tickets) == (1, 2, 1)
    assert len(list((folder / "failed").glob("bad*.json"))) == 3
    app.store.engine.dispose()


def test_a_poll_that_trips_is_repeated(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, polls = threading.Event(), []

    def trips(_app: App, name: str) -> int:
        polls.append(name)
        if len(polls) == 2:
            stop.set()
        raise ZeroDivisionError

    monkeypatch.setattr(sweep, "POLL_EVERY", 0)
    monkeypatch.setattr(sweep, "fetch", trips)
    sweep._repeat(app, "hotline", stop)
    assert polls == ["hotline", "hotline"]


def test_one_host_fetches_at_a_time(app: App, folder: Path) -> None:
    hotline.drop(folder, "one.json", hotline.transcript("c3", CALL, caller_number="0900000001"), 10)
    with only_one(app.store.engine, "poll:hotline") as mine:
        assert mine
        assert sweep.fetch(app, "hotline") == 0
    assert sweep.fetch(app, "hotline") == 1


def test_mails_of_a_real_mailbox_are_stored_then_moved(environ: dict[str, str]) -> None:
    with ImapServer() as mailbox:
        app = bootstrap.build(
            Settings.from_env(
                {
                    **environ,
                    "FEEDBACK_IMAP_HOST": mailbox.host,
                    "FEEDBACK_IMAP_PORT": str(mailbox.port),
                    "FEEDBACK_IMAP_TLS": "none",
                    "FEEDBACK_IMAP_USER": mailbox.user,
                    "FEEDBACK_IMAP_PASSWORD": mailbox.password,
                    "FEEDBACK_SMTP_HOST": "127.0.0.1",
                    "FEEDBACK_EMAIL_ADDRESS": ADDRESS,
                }
            )
        )
        mail = build_mail("lan@example.test", ADDRESS, "Đèn đường hỏng", "Đèn ngõ 5 tắt ba tối nay.")
        mailbox.append(mail, mail)
        assert sweep.fetch(app, "email") == 2
        now = status.current(app.store)
        assert (now.tickets, now.duplicates) == (1, 1)
        assert mailbox.contents("INBOX") == []
        assert len(mailbox.contents("Processed")) == 2
        app.store.engine.dispose()


def test_a_forged_bounce_does_not_stop_the_mailbox(environ: dict[str, str]) -> None:
    with ImapServer() as mailbox:
        mail_settings = {
            "FEEDBACK_IMAP_HOST": mailbox.host,
            "FEEDBACK_IMAP_PORT": str(mailbox.port),
            "FEEDBACK_IMAP_TLS": "none",
            "FEEDBACK_IMAP_USER": mailbox.user,
            "FEEDBACK_IMAP_PASSWORD": mailbox.password,
            "FEEDBACK_SMTP_HOST": "127.0.0.1",
            "FEEDBACK_EMAIL_ADDRESS": ADDRESS,
        }
        app = bootstrap.build(Settings.from_env({**environ, **mail_settings}))
        forged = [_bounce(number) for number in ("9" * 40, "\u00b2", "0")]
        mailbox.append(*forged, build_mail("lan@example.test", ADDRESS, "Đèn hỏng", "Đèn ngõ 5 tắt."))
        assert sweep.fetch(app, "email") == 4
        now = status.current(app.store)
        assert (now.tickets, now.ignored, now.quarantined) == (1, 3, 0)
        app.store.engine.dispose()


def _bounce(number: str) -> bytes:
    """A non-delivery report that names a message of ours that there is not."""
    return (
        f"From: mailer-daemon@example.test\r\nTo: {ADDRESS}\r\nMessage-ID: <b{len(number)}{number == '0'}@example.test>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.test\r\n\r\n"
        "Final-Recipient: rfc822; lan@example.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <hn.HN-26-AAAA-A2.{number}@hanoi.test>\r\n--b--\r\n"
    ).encode()


def test_an_unreachable_mailbox_is_no_end_of_the_world(environ: dict[str, str]) -> None:
    app = bootstrap.build(
        Settings.from_env(
            {
                **environ,
                "FEEDBACK_IMAP_HOST": "127.0.0.1",
                "FEEDBACK_IMAP_PORT": "1",
                "FEEDBACK_IMAP_TLS": "none",
                "FEEDBACK_IMAP_USER": "x",
                "FEEDBACK_IMAP_PASSWORD": "x",
                "FEEDBACK_SMTP_HOST": "127.0.0.1",
                "FEEDBACK_EMAIL_ADDRESS": ADDRESS,
            }
        )
    )
    assert sweep.fetch(app, "email") == 0
    app.store.engine.dispose()
