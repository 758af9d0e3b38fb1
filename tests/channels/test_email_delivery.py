"""E-mail against real servers: IMAP by pymap, SMTP by aiosmtpd."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.adapter import EmailAdapter
from channels.email.compose import compose
from channels.email.config import EmailConfig, ImapConfig, Security, SmtpConfig
from channels.email.replies import SEPARATOR
from channels.errors import DeliveryFailed, SourceUnreachable, UnsupportedPayload
from channels.message import Ignored, InboundMessage, OutboundMessage, Purpose, Sender
from tests.channels.cases import ADDRESS, ARRIVED, adapter, delivery, email_config
from tests.fakes.mail import ImapServer, SmtpSink, build_mail


def outgoing(**changes: object) -> OutboundMessage:
    whole: dict[str, object] = {
        "id": "out-1",
        "channel": "email",
        "account": ADDRESS,
        "to": Sender("mau@example.test", name="Nguyễn Văn Mẫu"),
        "conversation": "<a@example.test>",
        "ticket_code": "HN-26-7K3F-92",
        "purpose": Purpose.ACKNOWLEDGEMENT,
        "text": "Đã tiếp nhận phản ánh của ông/bà.",
        "subject": "Mất nước",
        "in_reply_to": "<a@example.test>",
        "references": ("<root@example.test>",),
    }
    return OutboundMessage(**{**whole, **changes})  # type: ignore[arg-type]


# --- sending


@pytest.fixture(scope="module")
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as running:
        yield running


def sender(port: int) -> EmailAdapter:
    return EmailAdapter(email_config(smtp_port=port), lambda: ARRIVED)


def test_an_acknowledgement_arrives_with_all_it_needs(sink: SmtpSink) -> None:
    sink.sent.clear()
    receipt = sender(sink.port).send(outgoing())
    (sent,) = sink.sent
    mail = email.message_from_bytes(sent.raw, policy=email.policy.default)
    assert (sent.sender, sent.recipients) == (ADDRESS, ("mau@example.test",))
    assert receipt.provider_id == mail["Message-ID"] == "<hn.out-1@hanoi.example.test>"
    assert mail["Subject"] == "[HN-26-7K3F-92] Mất nước"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Reply-To"] == "phananh+HN-26-7K3F-92@hanoi.example.test"
    assert mail["In-Reply-To"] == "<a@example.test>"
    assert mail["References"] == "<root@example.test> <a@example.test>"
    text = mail.get_content().replace("\r\n", "\n")
    assert text == f"{SEPARATOR}\n\nĐã tiếp nhận phản ánh của ông/bà.\n"


def test_an_answer_of_an_officer_is_not_automatic(sink: SmtpSink) -> None:
    sink.sent.clear()
    sender(sink.port).send(outgoing(purpose=Purpose.ANSWER))
    assert b"Auto-Submitted" not in sink.sent[0].raw


def test_our_own_mail_coming_back_is_ignored(sink: SmtpSink) -> None:
    sink.sent.clear()
    sender(sink.port).send(outgoing())
    message = adapter("email").parse(delivery("email", sink.sent[0].raw))
    assert isinstance(message, Ignored)
    assert (message.reason, message.external_id) == ("own", "<hn.out-1@hanoi.example.test>")


@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 5.1.1 unknown", True), ("451 4.3.0 later", False)], ids=["550", "451"]
)
def test_refusals_say_whether_to_try_again(sink: SmtpSink, answer: str, permanent: bool) -> None:
    sink.answers.append(answer)
    with pytest.raises(DeliveryFailed) as caught:
        sender(sink.port).send(outgoing())
    assert caught.value.permanent is permanent
    assert not caught.value.unknown


def test_nobody_listening_is_temporary() -> None:
    with pytest.raises(DeliveryFailed) as caught:
        sender(9).send(outgoing())
    assert (caught.value.permanent, caught.value.unknown, caught.value.code) == (False, False, "connect")


def test_a_connection_lost_in_the_middle_is_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet_and_leave() -> None:
            connection, _ = listener.accept()
            connection.sendall(b"220 hello\r\n")
            for _ in range(3):
                connection.recv(1000)
                connection.sendall(b"250 ok\r\n")
            connection.recv(1000)
            connection.close()

        threading.Thread(target=greet_and_leave, daemon=True).start()
        with pytest.raises(DeliveryFailed) as caught:
            sender(listener.getsockname()[1]).send(outgoing())
    assert caught.value.unknown


@pytest.mark.parametrize(
    "to", ["", "a", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>", "a@b c", "đ@example.test", "a@@b", 'a"@b']
)
def test_a_bad_recipient_is_permanent(to: str) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        compose(email_config(), outgoing(to=Sender(to)), ARRIVED)
    assert (caught.value.permanent, caught.value.code) == (True, "address")


nasty = st.text(alphabet="ab\r\n\x00:<>@, \u2028\x85\x0b=?đ\udc80", max_size=30)


@settings(max_examples=150)
@given(nasty, nasty, nasty, nasty, nasty, nasty)
def test_no_header_can_be_smuggled_in(
    name: str, subject: str, parent: str, reference: str, code: str, ident: str
) -> None:
    inject = "\r\nBcc: victim@example.test"
    message = outgoing(
        id=ident or "x",
        to=Sender("mau@example.test", name=name + inject),
        subject=subject + inject,
        in_reply_to=parent + inject,
        references=(reference + inject, "<ok@example.test>"),
        ticket_code=code + inject,
        text=subject + inject,
    )
    raw = compose(email_config(), message, ARRIVED).as_bytes()
    parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert parsed["Bcc"] is None
    assert {key.lower() for key in parsed} <= {
        "from", "to", "subject", "date", "message-id", "reply-to", "x-hanoi-feedback", "references", "in-reply-to",
        "auto-submitted", "content-type", "content-transfer-encoding", "mime-version",
    }  # fmt: skip
    assert parsed["References"] == "<ok@example.test>"
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_long_message_ids_survive_folding() -> None:
    ids = tuple(f"<{letter * 150}@example.test>" for letter in "abc")
    raw = compose(email_config(), outgoing(references=ids, in_reply_to=ids[2]), ARRIVED).as_bytes()
    parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert tuple(parsed["References"].split()) == ids


# --- fetching


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    with ImapServer() as running:
        yield running


def config(imap: ImapServer, max_bytes: int = 25_000_000) -> EmailConfig:
    box = ImapConfig(imap.host, imap.port, imap.user, imap.password, Security.NONE, timeout=5)
    return EmailConfig(ADDRESS, "Hà Nội", SmtpConfig("127.0.0.1", 9), box, max_bytes=max_bytes)


def reader(imap: ImapServer, max_bytes: int = 25_000_000) -> EmailAdapter:
    return EmailAdapter(config(imap, max_bytes), lambda: ARRIVED)


def simple(text: str) -> bytes:
    return build_mail("mau@example.test", ADDRESS, "Phản ánh", text)


def now() -> datetime:
    return datetime.now(UTC)


def test_stored_mails_are_moved_and_refused_ones_are_set_aside(imap: ImapServer) -> None:
    imap.append(simple("một"), b"Subject: no sender\r\n\r\nx\r\n", simple("ba"))
    channel = reader(imap)
    texts = []
    for polled in channel.poll(now()):
        try:
            message = channel.parse(polled.delivery)
        except UnsupportedPayload as error:
            polled.failed(str(error))
            continue
        assert isinstance(message, InboundMessage)
        texts.append(message.text)
        polled.done()
    assert texts == ["một", "ba"]
    assert imap.contents("INBOX") == []
    assert len(imap.contents("Processed")) == 2
    assert [raw.split(b"\r\n")[0] for raw in imap.contents("Quarantine")] == [b"Subject: no sender"]
    assert list(channel.poll(now())) == []


def test_bytes_arrive_unchanged_and_unseen_and_come_again_until_settled(imap: ImapServer) -> None:
    raw = simple("chưa xong") + b"\x80\xff tail\r\n"
    imap.append(raw)
    first = [polled.delivery.body for polled in reader(imap).poll(now())]
    (polled,) = again = list(reader(imap).poll(now()))
    assert first == [raw] == [item.delivery.body for item in again]
    assert polled.delivery.headers["imap-uidvalidity"] != "0"
    with imap.client() as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "SEEN")[1] == [b""]
    for waiting in reader(imap).poll(now()):
        waiting.done()


def test_a_mail_over_the_limit_is_not_fetched_whole(imap: ImapServer) -> None:
    imap.append(simple("x" * 300_000))
    channel = reader(imap, max_bytes=200_000)
    for polled in channel.poll(now()):
        assert len(polled.delivery.body) <= 65_536
        with pytest.raises(UnsupportedPayload, match="giới hạn"):
            channel.parse(polled.delivery)
        polled.failed("thư lớn hơn giới hạn")
    assert imap.contents("INBOX") == []


def test_nobody_listening_is_unreachable() -> None:
    box = ImapConfig("127.0.0.1", 9, security=Security.NONE, timeout=1)
    channel = EmailAdapter(email_config(imap=box), lambda: ARRIVED)
    with pytest.raises(SourceUnreachable):
        list(channel.poll(now()))


def test_a_wrong_password_is_unreachable_and_not_in_the_error(imap: ImapServer) -> None:
    box = ImapConfig(imap.host, imap.port, imap.user, "wrong-secret", Security.NONE, timeout=5)
    channel = EmailAdapter(email_config(imap=box), lambda: ARRIVED)
    with pytest.raises(SourceUnreachable) as caught:
        list(channel.poll(now()))
    assert "wrong-secret" not in str(caught.value)


def test_a_password_may_hold_vietnamese_letters() -> None:
    with ImapServer(password="mật khẩu") as own:
        own.append(simple("một"))
        assert len(list(reader(own).poll(now()))) == 1


def test_a_silent_server_does_not_hang_the_poller() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        box = ImapConfig("127.0.0.1", listener.getsockname()[1], security=Security.NONE, timeout=0.3)
        channel = EmailAdapter(email_config(imap=box), lambda: ARRIVED)
        with pytest.raises(SourceUnreachable):
            list(channel.poll(now()))


def test_a_connection_lost_between_mails_loses_nothing() -> None:
    with ImapServer() as own:
        own.append(simple("một"), simple("hai"))
        polls = reader(own).poll(now())
        first = next(polls)
        own.stop()
        first.done()  # cannot move: it stays where it is, and nothing is raised into the application
        with pytest.raises(SourceUnreachable):
            next(polls)
