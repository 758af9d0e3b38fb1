"""Contacts are read however they are written and shown to nobody who need not see them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.contacts import (
    mask_email,
    mask_phone,
    mask_refusal,
    mask_text,
    matches,
    normalise_email,
    normalise_phone,
)


@pytest.mark.parametrize(
    "typed",
    [
        "0900000012",
        "0900 000 012",
        "0900.000.012",
        "+84 900 000 012",
        "84900000012",
        "0084-900-000-012",
        "+84 (0)900000012",
    ],
)
def test_one_phone_however_it_is_written(typed: str) -> None:
    assert normalise_phone(typed) == "+84900000012"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("024 0000 0012", "+842400000012"),
        ("+1 202 555 0142", "+12025550142"),
        ("1022", None),
        ("113", None),
        ("", None),
        ("0100000012", None),
        ("09000000123", None),
        ("00900000012", None),
        ("+84 1", None),
        ("không có", None),
    ],
)
def test_other_numbers(typed: str, normal: str | None) -> None:
    assert normalise_phone(typed) == normal


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        (" Nguoi.Dan@Example.TEST ", "nguoi.dan@example.test"),
        ("a+b@mail.example.test", "a+b@mail.example.test"),
        ("a@b", None),
        ("a b@example.test", None),
        ("@example.test", None),
        ("a@@example.test", None),
        ("a" * 250 + "@example.test", None),
        ("a@example..test", None),
    ],
)
def test_mail_addresses(typed: str, normal: str | None) -> None:
    assert normalise_email(typed) == normal


def test_masks() -> None:
    assert mask_phone("+84900000012") == "+•••••••••12"
    assert mask_email("nguoi.dan@example.test") == "n•••@example.test"
    assert mask_email("broken") == "•••"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Gọi 0900 000 012 nhé", "Gọi •••• ••• •12 nhé"),
        ("sđt:+84900000012.", "sđt:+•••••••••12."),
        ("CCCD 001099000012 của tôi", "CCCD •••••••••••• của tôi"),
        ("mail nguoi.dan@example.test ạ", "mail " + "•" * 22 + " ạ"),
        ("tổng đài 1022, ngày 22/11/2026, số 94", "tổng đài 1022, ngày 22/11/2026, số 94"),
        ("HN-26-4T28-3E", "HN-26-4T28-3E"),
        ("+1 202 555 0142", "+• ••• ••• ••42"),
    ],
)
def test_free_text_is_masked_in_place(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@given(st.text())
def test_masking_never_moves_a_word(text: str) -> None:
    assert len(mask_text(text)) == len(text)


@given(st.text(), st.integers(0, 99), st.text())
def test_no_phone_in_its_usual_form_comes_through(before: str, number: int, after: str) -> None:
    phone = f"09000000{number:02d}"
    assert phone not in mask_text(f"{before} {phone} {after}")


@pytest.mark.parametrize(
    ("stored", "typed", "same"),
    [
        ("+84900000012", "0900.000.012", True),
        ("+84900000012", "0900000013", False),
        ("nguoi.dan@example.test", "NGUOI.DAN@example.test", True),
        ("nguoi.dan@example.test", "0900000012", False),
        (None, "", False),
        (None, "0900000012", False),
        ("zalo-user-7", "zalo-user-7", False),
        ("", "không", False),
    ],
)
def test_matching_what_a_citizen_types(stored: str | None, typed: str, same: bool) -> None:
    assert matches(stored, typed) is same


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 5.1.1 <thu@example.test>: user unknown", "550 5.1.1 <"),
        ("user 3000000000000000003 has not followed", "has not followed"),
        ("no route to +84900000012", "no route to"),
        ("HTTP 503", "HTTP 503"),
    ],
)
def test_what_a_provider_refused_is_kept_without_the_address(said: str, kept: str) -> None:
    masked = mask_refusal(said)
    assert kept in masked
    assert not re.search(r"\d{9}|example", masked)
