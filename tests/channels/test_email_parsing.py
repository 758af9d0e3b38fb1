"""Reading mails: charsets, replies, threads, limits."""

from __future__ import annotations

import codecs
import contextlib
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import charsets, replies
from channels.email.automatic import bounce_hints
from channels.email.limits import part_bytes, read
from channels.email.tables import TCVN, VISCII, decode
from channels.errors import UnsupportedPayload
from channels.message import Ignored, InboundMessage
from tests.channels.cases import ADDRESS, ROOT, adapter, delivery, email_config

EMAIL = adapter("email")
LETTERS = "ắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựđ"
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"


def mail(*headers: str, text: str = "Ngập ở ngõ 5") -> bytes:
    lines = ("From: a@example.test", f"To: {ADDRESS}", "Message-ID: <a@example.test>", *headers)
    return ("\n".join(lines) + "\n" + PLAIN + text).replace("\n", "\r\n").encode()


def parsed(raw: bytes) -> InboundMessage:
    message = EMAIL.parse(delivery("email", raw))
    assert isinstance(message, InboundMessage)
    return message


def ignored(raw: bytes) -> Ignored:
    message = EMAIL.parse(delivery("email", raw))
    assert isinstance(message, Ignored)
    return message


# --- charsets


@pytest.mark.parametrize("table", [VISCII, TCVN], ids=["VISCII", "TCVN"])
def test_tables_hold_every_small_letter_once(table: str) -> None:
    assert len(table) == 256
    assert table[32:127] == "".join(map(chr, range(32, 127)))
    assert all(table.count(letter) == 1 for letter in LETTERS)


def test_letters_stand_where_the_standards_put_them() -> None:
    assert decode(b"\xd0\xf0\xaa\x02", VISCII) == "Đđếẳ".replace("ẳ", "Ẳ")
    assert decode(b"\xa7\xae\xd5\xc6", TCVN) == "Đđếẳ".replace("ẳ", TCVN[0xC6])


def test_cp1258_gives_composed_letters() -> None:
    assert (
        unicodedata.normalize("NFC", charsets.to_text("ê\u0301".encode("cp1258"), "windows-1258")[0]) == "ế"
    )


@pytest.mark.parametrize(
    "name", ["", "x-none", "zip", "hex", "punycode", "undefined", "a\x00b", "'utf-8'", "☃"]
)
def test_any_declared_name_is_survived(name: str) -> None:
    assert charsets.to_text("Đường ngập".encode(), name) == ("Đường ngập", False)


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "viscii", "utf-16", "iso-2022-jp", "cp1258"]))
def test_decoding_never_fails(raw: bytes, declared: str | None) -> None:
    text, _ = charsets.to_text(raw, declared)
    assert isinstance(text, str)


@pytest.mark.parametrize(
    "word", ["đường", "nghiêng", "Khương", "quyết", "giếng", "ÚT", "uỷ", "thuở", "khuỷu"]
)
def test_syllables(word: str) -> None:
    assert charsets.is_syllable(word)


@pytest.mark.parametrize("word", ["éclairage", "très", "naïve", "ngắđ", "ßtraße", "đđ"])
def test_no_syllables(word: str) -> None:
    assert not charsets.is_syllable(word)


# --- replies


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Ý kiến\n\nOn Mon, 1 Jan 2026, A <a@b.test> wrote:\n> cũ", "Ý kiến"),
        ("Ý kiến\n\nVào 10:00 1/1/26, A <a@b.test> đã viết:\n> cũ", "Ý kiến"),
        ("Ý kiến\n-----Original Message-----\nFrom: a@b.test\ncũ", "Ý kiến"),
        ("Ý kiến\n----- Thư gốc -----\ncũ", "Ý kiến"),
        (f"Ý kiến\n\n{replies.SEPARATOR}\ncũ", "Ý kiến"),
        ("Ý kiến\n> trích\n> dẫn", "Ý kiến"),
        ("> hỏi\nTrả lời xen giữa", "> hỏi\nTrả lời xen giữa"),
        (
            "Vào đầu ngõ tôi thấy rác, xóm tôi viết:\nđề nghị dọn",
            "Vào đầu ngõ tôi thấy rác, xóm tôi viết:\nđề nghị dọn",
        ),
        ("> chỉ có\n> trích dẫn", "> chỉ có\n> trích dẫn"),
        ("Từ: chợ\nĐến: cầu\nNgày: mai", "Từ: chợ\nĐến: cầu\nNgày: mai"),
        ("Báo\nGửi từ điện thoại Samsung của tôi", "Báo"),
        ("Gửi từ phường Láng một lời chào\nNội dung", "Gửi từ phường Láng một lời chào\nNội dung"),
        ("", ""),
    ],
)
def test_only_the_new_words_remain(text: str, own: str) -> None:
    assert replies.strip(text) == own


@given(st.text(alphabet="a >:@-\nTừVào viết", max_size=80))
def test_stripping_never_empties_a_text(text: str) -> None:
    assert replies.strip(text) or not text.replace(replies.SEPARATOR, "").strip()


# --- automatic mail


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Auto-Submitted: auto-replied", "auto_reply"),
        ("Auto-Submitted: auto-generated; x=y", "automatic"),
        ("Return-Path: <>", "automatic"),
        ("Precedence: bulk", "list"),
        ("List-Id: <x.example.test>", "list"),
        ("X-Hanoi-Feedback: answer", "own"),
    ],
)
def test_automatic_mail_is_ignored(header: str, reason: str) -> None:
    assert ignored(mail(header)).reason == reason


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: no", "X-Auto-Response-Suppress: All", "Precedence: first-class"]
)
def test_a_person_stays_a_person(header: str) -> None:
    assert parsed(mail(header)).text == "Ngập ở ngõ 5"


def test_a_bounce_names_the_message_that_came_back() -> None:
    raw = (ROOT / "email" / "fixtures" / "bounce.eml").read_bytes()
    hints = bounce_hints(email_config(), read(email_config(), raw))
    assert (hints["outbound_id"], hints["permanent"]) == ("out-3", "1")


def test_a_delayed_mail_is_no_permanent_bounce() -> None:
    raw = (
        (ROOT / "email" / "fixtures" / "bounce.eml")
        .read_bytes()
        .replace(b"Action: failed", b"Action: delayed")
    )
    assert ignored(raw.replace(b"Status: 5.1.1", b"Status: 4.4.1")).hints["permanent"] == "0"


# --- threads and headers


def test_a_subject_tag_is_only_a_hint() -> None:
    message = parsed(mail("Subject: Re: [hn-26-7k3f-92] x"))
    assert message.hints["subject_tag"] == "HN-26-7K3F-92"
    assert message.thread_refs == ()


def test_a_plus_address_of_another_mailbox_is_no_token() -> None:
    assert "reply_token" not in parsed(mail("Cc: someone+HN-26-7K3F-92@example.test")).hints


def test_the_nearest_reference_comes_first() -> None:
    message = parsed(mail("In-Reply-To: <c@x>", "References: <a@x> <b@x>\n <c@x>"))
    assert message.thread_refs == ("<c@x>", "<b@x>", "<a@x>")
    assert message.conversation == "<a@x>"


def test_a_mail_without_sender_is_kept_for_a_person() -> None:
    with pytest.raises(UnsupportedPayload, match="người gửi"):
        EMAIL.parse(delivery("email", b"Subject: x\r\n\r\nx"))


# --- limits


def nested(depth: int) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
    )
    return b"From: a@example.test\r\n" + head + b"\r\nx\r\n"


def test_depth_and_parts_are_limited() -> None:
    assert parsed(nested(5)).text == "x"
    for depth in (25, 90, 500):
        with pytest.raises(UnsupportedPayload):
            EMAIL.parse(delivery("email", nested(depth)))
    many = (
        b"From: a@example.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * 201
    )
    with pytest.raises(UnsupportedPayload):
        EMAIL.parse(delivery("email", many))


def test_26_megabytes_are_refused_at_once() -> None:
    with pytest.raises(UnsupportedPayload, match="giới hạn"):
        EMAIL.parse(delivery("email", mail() + b"x" * 26_000_000))


def test_more_than_20_attachments_are_counted() -> None:
    part = b"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n\r\nx\r\n"
    raw = (
        b"From: a@example.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + part * 23
        + b"--b--\r\n"
    )
    message = parsed(raw)
    assert (len(message.attachments), message.hints["attachments_dropped"]) == (20, "3")


def test_an_attachment_can_be_fetched_from_the_raw_mail_and_is_never_unpacked() -> None:
    raw = (ROOT / "email" / "fixtures" / "attachments_zip_bomb.eml").read_bytes()
    message = parsed(raw)
    bomb = message.attachments[1]
    assert bomb.part is not None
    content = part_bytes(email_config(), raw, bomb.part)
    assert content.startswith(b"PK")
    assert len(content) == bomb.size
    with pytest.raises(UnsupportedPayload):
        part_bytes(email_config(), raw, 99)


@pytest.mark.parametrize(
    "raw",
    [
        mail(text="<" * 900_000).replace(b"text/plain", b"text/html"),
        mail(text="<div>" * 100_000).replace(b"text/plain", b"text/html"),
        mail("Subject: " + "=?utf-8?q?" * 50_000),
        mail("References: " + "<" * 500_000),
        mail("To: " + ",a@b" * 100_000),
        mail(text="Vào " * 100_000),
        mail(text="Từ: a\n" * 50_000),
        mail(text="> \n" * 200_000),
        mail("Content-Disposition: attachment; filename*=punycode''" + "a" * 500_000),
    ],
    ids=[
        "html <",
        "html deep",
        "words",
        "references",
        "addresses",
        "attribution",
        "keys",
        "quotes",
        "punycode",
    ],
)
def test_hostile_mails_are_cheap(raw: bytes) -> None:
    began = time.process_time()
    with contextlib.suppress(UnsupportedPayload):
        EMAIL.parse(delivery("email", raw))
    assert time.process_time() - began < 5


def test_a_byte_codec_is_no_charset() -> None:
    # A declared "charset" that unpacks would be a bomb.
    packed = codecs.encode(b"a" * 1_000_000, "zip")
    assert len(charsets.to_text(packed, "zip")[0]) <= len(packed)
