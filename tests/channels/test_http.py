"""Outgoing HTTP: bounded, and deaf to the environment."""

from __future__ import annotations

import pytest

from channels.errors import DeliveryFailed
from channels.http import MAX_ANSWER, Answer, HttpClient, check, retry_after
from tests.fakes.server import Call, FakeServer, Reply


class Echo(FakeServer):
    def handle(self, call: Call) -> Reply:
        return Reply(200, call.body, {"X-Path": call.path})


def test_an_answer_is_read_whole_with_lower_case_headers() -> None:
    with Echo() as server:
        answer = HttpClient().post(f"{server.url}/a", "đường".encode(), {})
    assert (answer.status, answer.body, answer.headers["x-path"]) == (200, "đường".encode(), "/a")


def test_a_long_answer_is_not_read_to_its_end() -> None:
    with Echo() as server:
        HttpClient().post(server.url, b"x" * MAX_ANSWER, {})
        with pytest.raises(DeliveryFailed) as caught:
            HttpClient().post(server.url, b"x" * (MAX_ANSWER + 1), {})
    assert (caught.value.unknown, caught.value.code) == (True, "answer")


def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Echo() as server:
        assert HttpClient().post(server.url, b"x", {}).status == 200


@pytest.mark.parametrize("url", ["", "nowhere", "ftp://example.test/", "http://", "http://[::1"])
def test_a_bad_address_holds_the_channel(url: str) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        HttpClient().post(url, b"", {})
    assert caught.value.hold


def test_a_header_cannot_be_split() -> None:
    with pytest.raises(DeliveryFailed) as caught:
        HttpClient().post("http://127.0.0.1:9", b"", {"a": "b\r\nc: d"})
    assert caught.value.code == "header"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, "hold"),
        (400, "permanent"),
        (401, "hold"),
        (403, "hold"),
        (404, "hold"),
        (408, "later"),
        (410, "permanent"),
        (422, "permanent"),
        (429, "later"),
        (500, "later"),
        (503, "later"),
    ],
)
def test_a_status_says_what_to_do(status: int, kind: str) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        check(Answer(status, {}, b""))
    found = caught.value
    assert (found.permanent, found.hold, found.unknown) == (kind == "permanent", kind == "hold", False)
    check(Answer(204, {}, b""))


@pytest.mark.parametrize(
    ("text", "seconds"), [("17", 17.0), ("99999999", 3600.0), ("soon", None), ("-1", None), ("٣", None)]
)
def test_retry_after_is_numeric_and_capped(text: str, seconds: float | None) -> None:
    assert retry_after(Answer(503, {"retry-after": text}, b"")) == seconds
