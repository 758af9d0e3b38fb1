"""Zalo: signatures, and sending against a local Zalo."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from channels.errors import DeliveryFailed, SignatureInvalid, UnsupportedPayload
from channels.http import HttpClient
from channels.message import Ignored, InboundMessage, OutboundMessage, Purpose, RawDelivery, Sender
from channels.port import TokenPair
from channels.zalo.adapter import ZaloAdapter
from channels.zalo.config import all_schemes
from tests.channels.cases import ARRIVED, ZALO, MemoryTokens, adapter, zalo_config
from tests.fakes.server import Call, Reply, json_reply
from tests.fakes.zalo import ZaloFake

CITIZEN = "3000000000000000003"


def arrived(call: Call, at: datetime = ARRIVED) -> RawDelivery:
    return RawDelivery("zalo", ZALO.oa_id, call.body, call.headers, at)


def offline() -> ZaloAdapter:
    found = adapter("zalo")
    assert isinstance(found, ZaloAdapter)
    return found


# --- signatures


@pytest.mark.parametrize(
    "scheme", all_schemes(ZALO.app_id, ZALO.oa_id, ZALO.oa_secret, ZALO.app_secret), ids=str
)
def test_every_open_combination_is_tried_and_named(scheme) -> None:  # type: ignore[no-untyped-def]
    call = ZALO.text(CITIZEN, "Mất nước", ARRIVED)
    stamp = json.loads(call.body)["timestamp"]
    raw = arrived(Call(call.body, ZALO.sign(call.body, stamp, scheme.first_term, scheme.secret)))
    offline().verify(raw)
    assert offline().matched(raw) == scheme.name


def test_secrets_do_not_show() -> None:
    assert ZALO.oa_secret not in repr(zalo_config())
    assert ZALO.app_secret not in repr(zalo_config())


@pytest.mark.parametrize("prefix", ["mac=", "MAC=", "Mac=", ""])
def test_prefix_of_the_signature_may_have_any_case(prefix: str) -> None:
    call = ZALO.text(CITIZEN, "Mất nước", ARRIVED)
    mac = call.headers["x-zevent-signature"].removeprefix("mac=")
    offline().verify(arrived(Call(call.body, {"x-zevent-signature": prefix + mac})))


def test_a_foreign_app_is_never_trusted_even_with_our_secret() -> None:
    call = ZALO.webhook({"app_id": "9", "event_name": "follow", "oa_id": ZALO.oa_id}, ARRIVED)
    with pytest.raises(SignatureInvalid, match="app_id"):
        offline().verify(arrived(call))


def test_a_retry_after_almost_two_hours_is_accepted_and_an_old_replay_is_not() -> None:
    call = ZALO.text(CITIZEN, "Mất nước", ARRIVED)
    offline().verify(arrived(call, ARRIVED + timedelta(minutes=112)))
    with pytest.raises(SignatureInvalid):
        offline().verify(arrived(call, ARRIVED + timedelta(hours=4)))
    with pytest.raises(SignatureInvalid):
        offline().verify(arrived(call, ARRIVED - timedelta(hours=4)))


def test_unsigned_ping_of_the_console_passes_and_is_ignored() -> None:
    raw = arrived(Call(b"{}"))
    offline().verify(raw)
    message = offline().parse(raw)
    assert isinstance(message, Ignored)
    assert message.reason == "ping"


def test_an_event_of_another_account_is_kept_for_a_person() -> None:
    call = dataclasses.replace(ZALO, oa_id="5").text(CITIZEN, "Mất nước", ARRIVED)
    with pytest.raises(UnsupportedPayload):
        offline().parse(arrived(call))


def test_a_text_of_60000_letters_is_cut_and_says_so() -> None:
    message = offline().parse(arrived(ZALO.text(CITIZEN, "ở" * 60_000, ARRIVED)))
    assert isinstance(message, InboundMessage)
    assert len(message.text) == 50_000
    assert message.hints["truncated"] == "1"


# --- sending


class World:
    """A local Zalo, our adapter, and a clock both look at."""

    def __init__(self, fake: ZaloFake) -> None:
        self.now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
        self.fake = fake
        fake._clock = lambda: self.now
        access, refresh = fake.issue()
        self.tokens = MemoryTokens(TokenPair(access, refresh, self.now + timedelta(hours=25)))
        http = HttpClient(connect=1, read=0.5)
        self.adapter = ZaloAdapter(zalo_config(fake.url), self.tokens, lambda: self.now, http)
        fake.interact(CITIZEN)

    def send(
        self, text: str = "Đã tiếp nhận", last_inbound_at: datetime | None = None, to: str = CITIZEN
    ) -> str:
        message = OutboundMessage(
            id="out-1",
            channel="zalo",
            account=ZALO.oa_id,
            to=Sender(to),
            conversation=to,
            ticket_code="HN-26-7K3F-92",
            purpose=Purpose.ANSWER,
            text=text,
            last_inbound_at=last_inbound_at,
        )
        return self.adapter.send(message).detail

    def failure(self, **message: object) -> DeliveryFailed:
        with pytest.raises(DeliveryFailed) as caught:
            self.send(**message)  # type: ignore[arg-type]
        return caught.value


@pytest.fixture
def world() -> Iterator[World]:
    with ZaloFake(account=ZALO) as fake:
        yield World(fake)


def test_an_answer_reaches_the_citizen(world: World) -> None:
    assert world.send("Ngõ 12 đã có nước lại.") == "accepted"
    assert [(sent.user_id, sent.text, sent.billed) for sent in world.fake.sent] == [
        (CITIZEN, "Ngõ 12 đã có nước lại.", False)
    ]


def test_a_long_answer_is_sent_in_numbered_parts(world: World) -> None:
    text = "Kính gửi ông bà. " * 300
    assert world.send(text) == "accepted in 3 parts"
    texts = [sent.text for sent in world.fake.sent]
    assert [part[:6] for part in texts] == ["(1/3) ", "(2/3) ", "(3/3) "]
    assert all(len(part) <= 2_000 for part in texts)
    assert " ".join(part[6:] for part in texts).split() == text.split()


def test_after_48_hours_a_message_is_billed(world: World) -> None:
    world.now += timedelta(hours=49)
    world.send()
    assert world.fake.sent[0].billed


def test_a_closed_window_is_found_without_asking_zalo(world: World) -> None:
    written = world.now
    world.now += timedelta(days=7, seconds=1)
    world.fake.faults = ["drop"]
    failed = world.failure(last_inbound_at=written)
    assert (failed.permanent, failed.code, failed.reason) == (True, "window", "cửa sổ 7 ngày đã đóng")
    assert world.fake.faults == ["drop"]


def test_zalo_itself_closes_the_window_too(world: World) -> None:
    world.now += timedelta(days=8)
    world.fake.state.access = dict.fromkeys(world.fake.state.access, world.now + timedelta(hours=1))
    failed = world.failure()
    assert (failed.permanent, failed.code) == (True, "-230")


def test_a_stranger_cannot_be_written_to(world: World) -> None:
    failed = world.failure(to="7")
    assert (failed.permanent, failed.code) == (True, "-213")


def test_an_expired_token_is_renewed_once_and_the_message_goes_out(world: World) -> None:
    before = world.tokens.pair
    world.fake.expire_tokens()
    world.send()
    assert world.tokens.pair != before
    assert world.fake.state.token_calls == 1
    assert len(world.fake.sent) == 1


def test_a_token_that_stays_refused_holds_the_channel(world: World) -> None:
    refused = json_reply({"error": -216, "message": "Access token is invalid"})
    good = json_reply({"access_token": "a", "refresh_token": "b", "expires_in": "90000"})
    world.fake.faults = [refused, good, refused]
    failed = world.failure()
    assert (failed.hold, failed.permanent, failed.code) == (True, False, "-216")


def test_a_lost_answer_to_a_refresh_holds_the_channel_and_is_not_repeated(world: World) -> None:
    world.fake.expire_tokens()
    world.fake.faults = [json_reply({"error": -216}), "drop"]
    failed = world.failure()
    assert failed.hold
    assert failed.code is not None
    assert failed.code.startswith("token:")
    assert not failed.unknown  # the message itself was never sent
    assert world.fake.faults == []
    assert world.fake.state.token_calls == 0


def test_a_used_refresh_token_holds_the_channel(world: World) -> None:
    world.fake.expire_tokens()
    world.fake.state.refresh.clear()
    assert world.failure().hold


def test_without_any_token_nothing_is_sent(world: World) -> None:
    world.tokens.pair = None
    assert world.failure().code == "no_token"


def test_an_empty_quota_holds_the_channel(world: World) -> None:
    world.fake.state.quota = 0
    failed = world.failure()
    assert (failed.hold, failed.code) == (True, "-211")


@pytest.mark.parametrize(
    ("fault", "permanent", "hold", "unknown"),
    [
        (json_reply({"error": -32}), False, False, False),
        (json_reply({"error": -200}), False, False, False),
        (json_reply({"error": -99999}), False, False, False),
        (json_reply({"error": -201}), True, False, False),
        (json_reply({"error": -244}), True, False, False),
        (json_reply({"error": -224}), False, True, False),
        (json_reply({"error": -209}), False, True, False),
        (json_reply({"message": "?"}), False, False, True),
        (Reply(200, b"<html>"), False, False, True),
        (Reply(200, b"x" * 1_500_000), False, False, True),
        (Reply(502, b"bad gateway"), False, False, False),
        (Reply(302, b"", {"Location": "https://elsewhere.invalid/"}), False, True, False),
        ("drop", False, False, True),
        (1.0, False, False, True),
    ],
    ids=str,
)
def test_faults_say_what_to_do(
    world: World, fault: Reply | str | float, permanent: bool, hold: bool, unknown: bool
) -> None:
    world.fake.faults = [fault]
    failed = world.failure()
    assert (failed.permanent, failed.hold, failed.unknown) == (permanent, hold, unknown)


def test_a_fault_after_the_first_part_is_unknown_so_that_no_part_is_repeated(world: World) -> None:
    world.fake.state.quota = 1
    failed = world.failure(text="Kính gửi ông bà. " * 300)
    assert (failed.unknown, failed.code) == (True, "partial:-211")
    assert len(world.fake.sent) == 1


def test_nobody_listening_is_temporary(world: World) -> None:
    world.adapter = ZaloAdapter(zalo_config("http://127.0.0.1:9"), world.tokens, lambda: world.now)
    failed = world.failure()
    assert (failed.permanent, failed.hold, failed.unknown, failed.code) == (False, False, False, "connect")


def test_retry_after_is_passed_on(world: World) -> None:
    world.fake.faults = [Reply(429, b"{}", {"Retry-After": "17"})]
    assert world.failure().retry_after == 17
