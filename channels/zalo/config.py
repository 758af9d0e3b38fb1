"""Settings of one Official Account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """One way the provider may build its signature: which id comes first and which secret comes last."""

    name: str
    first_term: str
    secret: str = field(repr=False)


def all_schemes(app_id: str, oa_id: str, oa_secret: str, app_secret: str = "") -> tuple[SignatureScheme, ...]:
    """Every combination the documentation leaves open, for the secrets that are set."""
    firsts = {"app_id": app_id, "oa_id": oa_id}
    secrets = {"oa_secret": oa_secret, "app_secret": app_secret}
    return tuple(
        SignatureScheme(f"{first}+{last}", term, secret)
        for last, secret in secrets.items()
        for first, term in firsts.items()
        if secret and term
    )


@dataclass(frozen=True, slots=True)
class ZaloConfig:
    """`tolerance`: how far an event may lie from its arrival; retries keep its timestamp for almost 2 h."""

    app_id: str
    oa_id: str
    schemes: tuple[SignatureScheme, ...]
    app_secret: str = field(default="", repr=False)
    api_base: str = "https://openapi.zalo.me"
    oauth_base: str = "https://oauth.zaloapp.com"
    tolerance: timedelta = timedelta(hours=3)
    reply_window: timedelta = timedelta(days=7)
    max_length: int = 2_000
