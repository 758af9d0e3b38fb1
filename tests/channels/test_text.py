"""Text, keys, positions and JSON at the border."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import identity, instants, place, registry, text
from channels.document import Node, load
from channels.errors import UnsupportedPayload
from channels.message import Position


@given(st.text())
def test_clean_text_is_nfc_stable_and_storable(raw: str) -> None:
    cleaned = text.clean(raw)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert text.clean(cleaned) == cleaned
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in cleaned)


def test_letters_around_a_removed_character_are_composed() -> None:
    assert text.clean("e\x00\u0302\x07\u0301") == "ế"


@given(st.text(), st.integers(1, 50))
def test_bounded_text_says_when_it_was_cut(raw: str, limit: int) -> None:
    kept, hints = text.bounded(raw, limit)
    assert len(kept) <= limit
    assert unicodedata.is_normalized("NFC", kept)
    assert bool(hints) == (len(text.clean(raw)) > limit)


@given(st.text(alphabet="ab c\n.ế", max_size=400), st.integers(20, 60))
def test_split_parts_fit_and_lose_no_word(raw: str, limit: int) -> None:
    parts = text.split(raw, limit)
    assert all(len(part) <= limit for part in parts)
    if len(parts) > 1:
        parts = tuple(part.partition(") ")[2] for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.clean(raw).split())


@given(st.text(max_size=600))
def test_a_key_fits_an_index(raw: str) -> None:
    assert len(identity.key(raw)) <= identity.MAX_KEY
    assert "\n" not in identity.key(raw)


def test_long_keys_stay_different() -> None:
    assert identity.key("a" * 300) != identity.key("a" * 301)


def test_the_parts_of_a_digest_are_separated() -> None:
    assert identity.digest("ab", "c") != identity.digest("a", "bc")


@pytest.mark.parametrize(
    ("lat", "lon", "found"),
    [
        (21.0, 105.8, Position(21.0, 105.8)),
        (0.0, 0.0, None),
        (91.0, 105.0, None),
        (21.0, 181.0, None),
        (None, 105.0, None),
        (float("nan"), 105.0, None),
    ],
)
def test_positions(lat: float | None, lon: float | None, found: Position | None) -> None:
    assert place.position(lat, lon) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("0900 000 011", "0900000011"),
        ("+84 900.000.011", "0900000011"),
        ("84900000011", "0900000011"),
        ("(024) 3900-0001", "02439000001"),
        ("1022", None),
        ("anonymous", None),
        ("٠٩٠٠٠٠٠٠١١", None),
        ("", None),
        (None, None),
    ],
)
def test_phones_have_one_form(raw: str | None, found: str | None) -> None:
    assert place.phone(raw) == found


@pytest.mark.parametrize(
    "raw",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//host/x",
        "https://user:word@host/x",
        "https://a b",
        "https://",
        "https://[::1",
        "x" * 3_000,
        "",
    ],
)
def test_only_plain_web_addresses_are_kept(raw: str) -> None:
    assert place.web_url(raw) is None
    assert place.web_url("https://photo-stal-1.zdn.vn/a.jpg?x=1") is not None


def test_instants_without_an_offset_are_hanoi_time() -> None:
    assert instants.from_iso("2026-11-22T08:00:00") == datetime(2026, 11, 22, 1, tzinfo=UTC)
    assert instants.from_iso("2026-11-22T08:00:00Z") == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert instants.from_iso("hôm qua") is None
    assert instants.from_iso("0001-01-01T00:00:00+14:00") is None
    assert instants.from_epoch(1e20) is None


def test_numbers_may_be_written_as_strings_but_not_be_infinite() -> None:
    node = Node({"a": "1.5", "b": True, "c": "inf", "d": "x", "e": 2, "f": 10**400})
    assert [node.number(name) for name in "abcdef"] == [1.5, None, None, None, 2, None]
    assert Node({"a": 10**30, "b": 7, "c": " x "}).text("a", "b") == "7"


@pytest.mark.parametrize("body", [b"\xff", b"[" * 100_000, b"1", b'{"a": Infinity}', b'{"a"', b""])
def test_json_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(UnsupportedPayload):
        load(body)


def test_an_unknown_channel_is_no_silent_default() -> None:
    with pytest.raises(LookupError):
        registry.build("fax", None)


def test_every_registered_channel_has_a_manual() -> None:
    from tests.channels.cases import ROOT

    assert all((ROOT / name / "README.md").read_text("utf-8").startswith("# ") for name in registry.ADAPTERS)
