"""The settings as values. A field that may hold a secret is never part of `repr`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Surface:
    """One web surface: where it listens, and how it is reached from outside (no slash at the end)."""

    host: str
    port: int
    url: str


@dataclass(frozen=True, slots=True)
class Web:
    public: Surface
    desk: Surface
    workers: int
    threads: int
    trusted_proxies: int


@dataclass(frozen=True, slots=True)
class Log:
    """`level` as logging names it; `format` is json or text."""

    level: str
    format: str


@dataclass(frozen=True, slots=True)
class Limits:
    quarantine_bytes: int
    quarantine_per_minute: int
    upload_bytes: int
    hook_bytes: int


@dataclass(frozen=True, slots=True)
class Zalo:
    """`signatures`: pairs (app_id | oa_id, oa_secret | app_secret) in the order they are tried."""

    app_id: str
    oa_id: str
    oa_secret: str = field(repr=False)
    app_secret: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    signatures: tuple[tuple[str, str], ...]
    unsigned_status: int
    api_url: str
    oauth_url: str


@dataclass(frozen=True, slots=True)
class Email:
    """`imap_tls` and `smtp_tls` are tls, starttls or none; an empty `smtp_user` means no log-in."""

    imap_host: str
    imap_port: int
    imap_tls: str
    imap_user: str
    imap_password: str = field(repr=False)
    imap_mailbox: str
    smtp_host: str
    smtp_port: int
    smtp_tls: str
    smtp_user: str
    smtp_password: str = field(repr=False)
    address: str
    from_name: str


@dataclass(frozen=True, slots=True)
class Hotline:
    folder: Path
    number: str


@dataclass(frozen=True, slots=True)
class IHanoi:
    secrets: tuple[str, ...] = field(repr=False)
    push_url: str


@dataclass(frozen=True, slots=True)
class Channels:
    """A channel that is not configured, or switched off, is None. The portal form is always there."""

    zalo: Zalo | None
    email: Email | None
    hotline: Hotline | None
    ihanoi: IHanoi | None

    def enabled(self) -> tuple[str, ...]:
        """Names of the channels that are on."""
        present = {"hotline": self.hotline, "zalo": self.zalo, "email": self.email, "ihanoi": self.ihanoi}
        return (*(name for name, found in present.items() if found), "web")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the service reads from its environment. `unknown`: FEEDBACK_ names we do not know."""

    home: Path
    database_url: str = field(repr=False)
    database_owner_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    contact_key: str = field(repr=False)
    data_keys: tuple[str, ...] = field(repr=False)
    seal_key: str | None = field(repr=False)
    """None where nothing is sealed."""
    seal_public_keys: tuple[str, ...]
    denunciation_keys: tuple[str, ...] = field(repr=False)
    models_dir: Path
    demo: bool
    web: Web
    log: Log
    limits: Limits
    channels: Channels
    unknown: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check. Raises SettingsError that lists every fault."""
        from feedback.settings.reading import read

        return read(environ)
