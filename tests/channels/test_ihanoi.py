"""iHanoi: signed pushes both ways."""

from __future__ import annotations

import base64
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from channels.errors import DeliveryFailed, SignatureInvalid
from channels.http import HttpClient
from channels.ihanoi.adapter import IHanoiAdapter
from channels.ihanoi.config import IHanoiConfig
from channels.message import OutboundMessage, Purpose, RawDelivery, Sender
from tests.channels.cases import ARRIVED
from tests.fakes.ihanoi import SECRET, IHanoiApp, IHanoiFake
from tests.fakes.server import Call, Reply

OLD_SECRET = "whsec_" + base64.b64encode(b"an older secret, still accepted ").decode()
APP = IHanoiApp()


def offline(*secrets: str, tolerance: timedelta = timedelta(minutes=5)) -> IHanoiAdapter:
    config = IHanoiConfig(secrets or (SECRET,), "http://127.0.0.1:9", tolerance)
    return IHanoiAdapter(config, lambda: ARRIVED)


def arrived(call: Call, at: datetime = ARRIVED) -> RawDelivery:
    return RawDelivery("ihanoi", "ihanoi", call.body, call.headers, at)


def test_judged_by_the_moment_of_arrival_not_by_the_wall_clock() -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    raw = arrived(APP.report("IH-1", "Ngập", at=long_ago), long_ago + timedelta(minutes=4))
    offline().verify(raw)
    for minutes in (6, -6):
        with pytest.raises(SignatureInvalid):
            offline().verify(dataclasses.replace(raw, received_at=long_ago + timedelta(minutes=minutes)))


def test_secrets_rotate() -> None:
    old = arrived(IHanoiApp(OLD_SECRET).report("IH-1", "Ngập", at=ARRIVED))
    offline(SECRET, OLD_SECRET).verify(old)
    with pytest.raises(SignatureInvalid):
        offline(SECRET).verify(old)
    call = APP.report("IH-1", "Ngập", at=ARRIVED)
    several = "v1,AAAA v2,zzz " + call.headers["webhook-signature"]
    offline().verify(arrived(Call(call.body, {**call.headers, "webhook-signature": several})))


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,%%%"},
        {"webhook-signature": "v1,a,b"},
        {"webhook-signature": "v1,ởởở"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "١٢٣"},
        {"webhook-id": ""},
        {"webhook-id": "another"},
    ],
    ids=str,
)
def test_malformed_headers_are_refused(changed: dict[str, str]) -> None:
    call = APP.report("IH-1", "Ngập", at=ARRIVED)
    with pytest.raises(SignatureInvalid):
        offline().verify(arrived(Call(call.body, {**call.headers, **changed})))


def message(text: str = "Đã xử lý", ident: str = "out-77") -> OutboundMessage:
    return OutboundMessage(
        id=ident,
        channel="ihanoi",
        account="ihanoi",
        to=Sender("citizen-1"),
        conversation="IH-1",
        ticket_code="HN-26-7K3F-92",
        purpose=Purpose.ANSWER,
        text=text,
    )


def test_a_status_push_is_signed_and_repeats_are_known() -> None:
    with IHanoiFake() as fake:
        live = IHanoiAdapter(IHanoiConfig((SECRET,), fake.push_url), lambda: datetime.now(UTC))
        assert live.send(message()).detail == "accepted"
        assert live.send(message()).detail == "repeated"
        assert live.info.repeat_safe
        assert [(push.webhook_id, push.report_id, push.text) for push in fake.received] == [
            ("out-77", "IH-1", "Đã xử lý")
        ]


def test_a_push_with_another_secret_holds_the_channel() -> None:
    with IHanoiFake() as fake:
        live = IHanoiAdapter(IHanoiConfig((OLD_SECRET,), fake.push_url), lambda: datetime.now(UTC))
        with pytest.raises(DeliveryFailed) as caught:
            live.send(message())
    assert (caught.value.hold, caught.value.code) == (True, "http-401")
    assert fake.received == []


@pytest.mark.parametrize(
    ("fault", "permanent", "unknown"),
    [(Reply(503), False, False), (Reply(422), True, False), ("drop", False, True), (1.0, False, True)],
    ids=str,
)
def test_faults_say_what_to_do(fault: Reply | str | float, permanent: bool, unknown: bool) -> None:
    with IHanoiFake() as fake:
        fake.faults = [fault]
        http = HttpClient(connect=1, read=0.5)
        live = IHanoiAdapter(IHanoiConfig((SECRET,), fake.push_url), lambda: datetime.now(UTC), http)
        with pytest.raises(DeliveryFailed) as caught:
            live.send(message())
    assert (caught.value.permanent, caught.value.unknown) == (permanent, unknown)
