"""Every fixture of every adapter as a delivery that proves its origin.

`python -m tests.channels.cases` rewrites what the fixtures are expected to give; look at the difference before
you commit it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import channels
from channels import registry
from channels.email.config import EmailConfig, ImapConfig, Security, SmtpConfig
from channels.hotline.config import HotlineConfig
from channels.ihanoi.config import IHanoiConfig
from channels.message import Ignored, InboundMessage, RawDelivery
from channels.port import Adapter, TokenExchange, TokenPair
from channels.web.config import WebConfig
from channels.web.form import SEAL_HEADER, seal
from channels.zalo.config import ZaloConfig, all_schemes
from tests.fakes.ihanoi import SECRET, IHanoiApp
from tests.fakes.zalo import ZaloAccount

ROOT = Path(channels.__file__).parent
ARRIVED = datetime(2026, 11, 22, 3, 0, 30, tzinfo=UTC)
ZALO = ZaloAccount()
WEB_KEY = b"key of the web tier in tests"
ADDRESS = "phananh@hanoi.example.test"
NAMES = tuple(sorted(registry.ADAPTERS))


class MemoryTokens:
    """A token store without a database: enough for one process."""

    def __init__(self, pair: TokenPair | None = None) -> None:
        self.pair = pair

    def current(self, account: str) -> TokenPair | None:
        return self.pair

    def refresh(self, account: str, stale: str, exchange: TokenExchange) -> TokenPair:
        assert self.pair is not None
        if self.pair.access_token == stale:
            self.pair = exchange(self.pair.refresh_token)
        return self.pair


def zalo_config(base: str = "http://127.0.0.1:9") -> ZaloConfig:
    schemes = all_schemes(ZALO.app_id, ZALO.oa_id, ZALO.oa_secret, ZALO.app_secret)
    return ZaloConfig(ZALO.app_id, ZALO.oa_id, schemes, ZALO.app_secret, api_base=base, oauth_base=base)


def email_config(smtp_port: int = 9, imap: ImapConfig | None = None) -> EmailConfig:
    smtp = SmtpConfig("127.0.0.1", smtp_port, security=Security.NONE, timeout=5)
    return EmailConfig(ADDRESS, "Tiếp nhận phản ánh Hà Nội", smtp, imap)


def adapter(name: str) -> Adapter:
    """The adapter of a channel, cut off from any network."""
    if name == "zalo":
        return registry.build(name, zalo_config(), tokens=MemoryTokens(), clock=lambda: ARRIVED)
    if name == "email":
        return registry.build(name, email_config(), clock=lambda: ARRIVED)
    if name == "hotline":
        return registry.build(name, HotlineConfig(number="1022", branches={"1": "Khẩn cấp", "2": "Hạ tầng"}))
    if name == "ihanoi":
        return registry.build(name, IHanoiConfig((SECRET,), "http://127.0.0.1:9"), clock=lambda: ARRIVED)
    return registry.build(name, WebConfig(WEB_KEY))


def delivery(name: str, body: bytes, ident: str = "fixture") -> RawDelivery:
    """`body` as it arrives on a channel, signed where the channel signs."""
    return RawDelivery(name, _ACCOUNTS[name], body, headers(name, body, ident), ARRIVED)


_ACCOUNTS = {"zalo": ZALO.oa_id, "email": ADDRESS, "hotline": "1022", "ihanoi": "ihanoi", "web": "portal"}


def headers(name: str, body: bytes, ident: str) -> Mapping[str, str]:
    if name == "zalo":
        stamp = str(int(ARRIVED.timestamp() * 1000) - 30_000)
        return {**ZALO.sign(body, _own_stamp(body) or stamp), "x-zevent-timestamp": stamp}
    if name == "ihanoi":
        try:
            return IHanoiApp().sign(body, ARRIVED, f"msg_{ident}").headers
        except UnicodeDecodeError:
            return {}
    return {SEAL_HEADER: seal(body, WEB_KEY)} if name == "web" else {}


def _own_stamp(body: bytes) -> str | None:
    try:
        found = json.loads(body)
        return str(found["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class Case:
    channel: str
    path: Path

    @property
    def body(self) -> bytes:
        return self.path.read_bytes()

    @property
    def expected_path(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.expected.json")

    def delivery(self) -> RawDelivery:
        return delivery(self.channel, self.body, self.path.stem)

    def __str__(self) -> str:
        return f"{self.channel}/{self.path.stem}"


def all_cases() -> list[Case]:
    found = ((name, path) for name in NAMES for path in sorted((ROOT / name / "fixtures").iterdir()))
    return [Case(name, path) for name, path in found if not path.name.endswith(".expected.json")]


def plain(message: InboundMessage | Ignored) -> dict[str, object]:
    """A message as JSON holds it, without what is empty."""
    whole = {"is": type(message).__name__, **dataclasses.asdict(message)}
    loaded = json.loads(json.dumps(whole, ensure_ascii=False, default=lambda instant: instant.isoformat()))
    return {name: value for name, value in loaded.items() if value not in (None, [], {})}


def rewrite() -> None:
    for case in all_cases():
        got = plain(adapter(case.channel).parse(case.delivery()))
        case.expected_path.write_text(json.dumps(got, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    rewrite()
