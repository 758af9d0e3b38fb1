"""The portal form."""

from __future__ import annotations

import pytest

from channels.errors import UnsupportedPayload
from channels.message import InboundMessage, OutboundMessage, Purpose, Sender
from channels.web.form import Form, Upload, body
from tests.channels.cases import adapter, delivery

WEB = adapter("web")
PHOTO = Upload("a.jpg", "image/jpeg", 10, "0" * 64)


def parsed(form: Form) -> InboundMessage:
    raw = delivery("web", body(form))
    WEB.verify(raw)
    message = WEB.parse(raw)
    assert isinstance(message, InboundMessage)
    return message


def test_the_same_form_gives_the_same_bytes() -> None:
    assert body(Form("s", "Ngập", uploads=(PHOTO,))) == body(Form("s", "Ngập", uploads=(PHOTO,)))


def test_the_contact_is_the_phone_then_the_mail_then_nobody() -> None:
    assert (
        parsed(Form("s", "x", phone="+84 900.000.017", email="A@example.test")).sender.address == "0900000017"
    )
    assert parsed(Form("s", "x", email="A@Example.test")).sender.address == "a@example.test"
    assert parsed(Form("s-1", "x")).sender.address != parsed(Form("s-2", "x")).sender.address


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (Form("s", ""), "còn trống"),
        (Form("s", " \n\x07 "), "còn trống"),
        (Form("s", "ở" * 20_001), "20000"),
        (Form("", "x"), "mã lần gửi"),
        (Form("s", "x", phone="12345"), "điện thoại"),
        (Form("s", "x", phone="09000000170000000"), "điện thoại"),
        (Form("s", "x", email="không phải"), "email"),
        (Form("s", "x", email="a@b\nBcc: c@d"), "email"),
        (Form("s", "x", uploads=(PHOTO,) * 11), "tệp"),
        (Form("s", "x", uploads=(Upload("a", "b", 1, "../../etc"),)), "băm"),
        (Form("s", "x", uploads=(Upload("a", "b", -1, "0" * 64),)), "kích thước"),
    ],
    ids=str,
)
def test_a_wrong_form_is_told_what_is_wrong(form: Form, says: str) -> None:
    with pytest.raises(UnsupportedPayload, match=says):
        parsed(form)


def test_20000_letters_fit() -> None:
    assert len(parsed(Form("s", "ở" * 20_000)).text) == 20_000


def test_an_answer_is_published() -> None:
    message = OutboundMessage(
        "o", "web", "portal", Sender("x"), "s", "HN-26-7K3F-92", Purpose.ANSWER, "Đã xong"
    )
    assert WEB.send(message).detail == "published"
