"""Settings of one mailbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ImapConfig:
    host: str
    port: int = 993
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = Security.TLS
    inbox: str = "INBOX"
    processed: str = "Processed"
    quarantine: str = "Quarantine"
    timeout: float = 20.0


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    """Without a user there is no log-in (a relay that trusts this host)."""

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = Security.STARTTLS
    timeout: float = 20.0


@dataclass(frozen=True, slots=True)
class EmailConfig:
    """`address` is the public one; replies come back to its plus-address: the server must deliver those."""

    address: str
    sender_name: str
    smtp: SmtpConfig
    imap: ImapConfig | None = None
    max_bytes: int = 25_000_000
    max_parts: int = 200
    max_depth: int = 20
    max_attachments: int = 20

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]
