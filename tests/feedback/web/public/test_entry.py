"""Whatever the form accepts, the web channel can read: nothing a citizen was thanked for lands in quarantine."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from channels.message import InboundMessage, RawDelivery
from channels.web.adapter import WebAdapter
from channels.web.config import WebConfig
from channels.web.form import SEAL_HEADER, body, seal
from feedback.clock import utc_now
from feedback.domain import contacts
from feedback.web.public import entry as entries

KEY = b"a key for the seal in this test only"
ADAPTER = WebAdapter(WebConfig(KEY))

digits = st.text("0123456789 .-+()", min_size=9, max_size=16)
mails = st.from_regex(r"[\w.+-]{1,20}@[\w.-]{1,20}\.[a-z]{2,6}", fullmatch=True) | st.emails()
fields = st.fixed_dictionaries(
    {"text": st.text(min_size=1, max_size=300)},
    optional={
        "name": st.text(max_size=120),
        "phone": digits | st.just("0900000012") | st.text(max_size=20),
        "email": mails | st.text(max_size=40),
        "address": st.text(max_size=310),
        "lat": st.floats().map(str) | st.text(max_size=5),
        "lon": st.floats().map(str) | st.text(max_size=5),
    },
)


def parsed(entry: entries.Entry) -> InboundMessage:
    written = body(entries.to_form(entry))
    delivery = RawDelivery("web", "portal", written, {SEAL_HEADER: seal(written, KEY)}, utc_now())
    ADAPTER.verify(delivery)
    found = ADAPTER.parse(delivery)
    assert isinstance(found, InboundMessage)
    return found


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much]
)
@given(given=fields, phone=st.booleans())
def test_what_the_form_accepts_the_channel_reads(words: Flask, given: dict[str, str], phone: bool) -> None:
    if phone:
        given["phone"] = "0900000012"
    entry = entries.read(given)
    with words.test_request_context():
        assume(not entries.faults(entry))
    found = parsed(entry)
    assert found.text == entry.text
    for typed, stored in ((entry.phone, found.sender.phone), (entry.email, found.sender.email)):
        assert not typed or contacts.matches(stored, typed), "the citizen could not look the ticket up again"


def test_the_same_content_has_one_key_and_another_content_another() -> None:
    entry = entries.Entry(text="Đèn tắt", phone="0900000012")
    changed = entries.Entry(text="Đèn sáng", phone="0900000012", submission=entry.submission)
    assert parsed(entry).external_id == parsed(entry).external_id != parsed(changed).external_id


@pytest.mark.parametrize("given", ["", "x", "a" * 200, "có dấu", "<script>"])
def test_a_submission_id_that_is_not_ours_is_replaced(given: str) -> None:
    assert entries.read({"submission": given}).submission != given


@pytest.fixture(scope="module")
def words() -> Flask:
    """Just enough of an application to look sentences up."""
    from flask_babel import Babel

    flask_app = Flask(__name__)
    Babel(flask_app)
    return flask_app
