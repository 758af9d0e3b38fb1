"""What every adapter promises, over every fixture."""

from __future__ import annotations

import dataclasses
import functools
import json
import operator
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.errors import ChannelError, SignatureInvalid
from channels.message import InboundMessage
from channels.port import Poller
from channels.text import MAX_TEXT
from tests.channels.cases import NAMES, Case, adapter, all_cases, delivery, plain

CASES = all_cases()
SIGNED = [case for case in CASES if case.channel in {"zalo", "ihanoi", "web"} and case.path.stem != "ping"]
ADAPTERS = {name: adapter(name) for name in NAMES}

every_case = pytest.mark.parametrize("case", CASES, ids=str)


def test_every_channel_has_fixtures() -> None:
    assert {case.channel for case in CASES} == set(NAMES)


@every_case
def test_fixture_is_proven_and_reads_as_expected(case: Case) -> None:
    ADAPTERS[case.channel].verify(case.delivery())
    got = plain(ADAPTERS[case.channel].parse(case.delivery()))
    assert got == json.loads(case.expected_path.read_text("utf-8"))


@every_case
def test_parse_is_pure(case: Case) -> None:
    raw = case.delivery()
    before = dataclasses.asdict(raw)
    assert ADAPTERS[case.channel].parse(raw) == ADAPTERS[case.channel].parse(raw)
    assert dataclasses.asdict(raw) == before


@every_case
def test_everything_is_nfc_bounded_and_fit_for_a_database(case: Case) -> None:
    message = ADAPTERS[case.channel].parse(case.delivery())
    for text in _strings(plain(message)):
        assert unicodedata.is_normalized("NFC", text)
        assert "\x00" not in text
        assert len(text) <= MAX_TEXT
        text.encode("utf-8")
    assert 0 < len(message.external_id) <= 200
    if isinstance(message, InboundMessage):
        assert message.sender.address
        assert message.conversation
        assert message.sent_at is None or message.sent_at.tzinfo is not None


@every_case
def test_external_id_survives_a_later_delivery(case: Case) -> None:
    raw = case.delivery()
    later = dataclasses.replace(raw, received_at=raw.received_at.replace(year=2027))
    channel = ADAPTERS[case.channel]
    assert channel.parse(raw).external_id == channel.parse(later).external_id


def test_external_ids_tell_the_fixtures_apart() -> None:
    ids = [(case.channel, ADAPTERS[case.channel].parse(case.delivery()).external_id) for case in CASES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("case", SIGNED, ids=str)
def test_one_changed_byte_breaks_the_proof(case: Case) -> None:
    raw = case.delivery()
    middle = len(raw.body) // 2
    changed = raw.body[:middle] + bytes([raw.body[middle] ^ 1]) + raw.body[middle + 1 :]
    with pytest.raises(SignatureInvalid):
        ADAPTERS[case.channel].verify(dataclasses.replace(raw, body=changed))
    with pytest.raises(SignatureInvalid):
        ADAPTERS[case.channel].verify(dataclasses.replace(raw, headers={}))


@pytest.mark.parametrize("name", ["email", "hotline"])
def test_a_fetched_channel_refuses_what_was_pushed_elsewhere(name: str) -> None:
    with pytest.raises(SignatureInvalid):
        ADAPTERS[name].verify(dataclasses.replace(delivery(name, b"{}"), channel="zalo"))


def test_pollers_are_the_fetched_channels() -> None:
    assert {name for name in NAMES if isinstance(ADAPTERS[name], Poller)} == {"email", "hotline"}


@pytest.mark.parametrize("name", NAMES)
def test_info_names_its_channel(name: str) -> None:
    assert ADAPTERS[name].info.name == name


@settings(max_examples=250)
@given(st.sampled_from(CASES), st.data())
def test_mutilated_deliveries_fail_only_as_channel_errors(case: Case, data: st.DataObject) -> None:
    _exercise(case.channel, _mutilated(case.body, data))


@settings(max_examples=150)
@given(st.sampled_from(NAMES), st.binary(max_size=400))
def test_hostile_bytes_fail_only_as_channel_errors(name: str, body: bytes) -> None:
    _exercise(name, body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300)
@given(st.sampled_from([case for case in CASES if case.channel != "email"]), json_values, st.data())
def test_values_of_another_type_fail_only_as_channel_errors(
    case: Case, value: object, data: st.DataObject
) -> None:
    tree = json.loads(case.body)
    places = _places(tree)
    if places:
        data.draw(st.sampled_from(places))(value)
    _exercise(case.channel, json.dumps(tree).encode())


HOSTILE = {
    "empty": b"",
    "blank": b" \r\n",
    "null": b"null",
    "array": b"[]",
    "string": b'"x"',
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000,
    "huge number": b'{"event_name":"user_send_text","timestamp":' + b"9" * 5_000 + b"}",
    "NaN": b'{"timestamp": NaN}',
    "lone surrogate": b'{"event_name":"user_send_text","message":{"text":"\\ud800"},"sender":{"id":"\\udfff"}}',
    "utf-16": '{"event_name":"x"}'.encode("utf-16"),
    "many headers": b"X-A: 1\r\n" * 20_000 + b"\r\nx",
    "endless header": b"Subject: " + b"=?utf-8?q?=41?= " * 20_000 + b"\r\n\r\nx",
    "boundaries": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 30_000,
    "ten megabytes": b'{"text":"' + b"a" * 10_000_000 + b'"}',
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_known_attacks_fail_only_as_channel_errors(name: str, body: bytes) -> None:
    _exercise(name, body)


@pytest.mark.parametrize("case", [case for case in CASES if case.channel != "email"], ids=str)
def test_truncated_json_is_refused(case: Case) -> None:
    if case.path.stem != "ping":
        with pytest.raises(ChannelError):
            ADAPTERS[case.channel].parse(delivery(case.channel, case.body.rstrip()[:-1]))


def _exercise(name: str, body: bytes) -> None:
    raw = delivery(name, body)
    for step in (ADAPTERS[name].verify, ADAPTERS[name].parse):
        try:
            result = step(raw)
        except ChannelError as error:
            assert not any(digits in str(error) for digits in ("09000000", "mau@"))
            continue
        if result is not None:
            for text in _strings(plain(result)):
                text.encode("utf-8")
                assert "\x00" not in text


def _mutilated(body: bytes, data: st.DataObject) -> bytes:
    at = data.draw(st.integers(0, len(body)))
    until = data.draw(st.integers(at, min(len(body), at + 40)))
    return body[:at] + data.draw(st.binary(max_size=20)) + body[until:]


def _places(tree: object) -> list[Callable[[object], None]]:
    """For every place in a JSON value, what puts another value there."""
    keys = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found: list[Callable[[object], None]] = []
    for key, inner in keys:
        found += [functools.partial(operator.setitem, tree, key), *_places(inner)]
    return found


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in _strings(item)]
