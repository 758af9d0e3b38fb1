"""OAuth pairs in the database, encrypted at rest, renewed by one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from channels.errors import DeliveryFailed
from channels.port import TokenExchange, TokenPair
from feedback.store.faults import DatabaseFault
from feedback.store.tables import ChannelToken

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_LOCK = text("SELECT pg_advisory_xact_lock(7302, hashtext(:account))")


@contextmanager
def _failing_as_delivery() -> Iterator[None]:
    """Without tokens nothing goes out: what keeps them from us may pass, and is no uncertain delivery."""
    try:
        yield
    except DatabaseFault:
        raise DeliveryFailed("cơ sở dữ liệu gián đoạn", code="database") from None
    except InvalidToken:
        raise DeliveryFailed("không giải mã được mã truy cập", hold=True, code="data_key") from None


class StoredTokens:
    """A `channels.port.TokenStore`. `first` is the refresh token to begin with, used once per account and then forgotten."""

    def __init__(self, engine: Engine, keys: tuple[str, ...], first: str | None = None) -> None:
        self._engine = engine
        self._box = MultiFernet([Fernet(key) for key in keys])
        self._first = first

    def current(self, account: str) -> TokenPair | None:
        """The stored pair; before the first renewal a spent one, so that the provider's refusal leads to it.

        Raises DeliveryFailed where the database or the key of the tokens is missing.
        """
        with _failing_as_delivery(), Session(self._engine) as session:
            row = session.get(ChannelToken, account)
            if row is not None:
                return self._pair(row)
            return TokenPair("none", self._first, LONG_AGO) if self._first else None

    def refresh(self, account: str, stale: str, exchange: TokenExchange) -> TokenPair:
        """Renew under a lock held over the exchange, and commit before anybody uses the pair.

        Refresh tokens are single use, so this one network call inside a transaction is on purpose: two processes must
        never spend the same token. Raises DeliveryFailed, LookupError without any token to begin with.
        """
        with _failing_as_delivery(), Session(self._engine) as session:
            session.execute(_LOCK, {"account": account})
            row = session.get(ChannelToken, account)
            if row is not None and self._open(row.access_token) != stale:
                return self._pair(row)
            pair = exchange(self._refresh_token(row))
            session.merge(
                ChannelToken(
                    account=account,
                    access_token=self._box.encrypt(pair.access_token.encode()),
                    refresh_token=self._box.encrypt(pair.refresh_token.encode()),
                    expires_at=pair.expires_at,
                )
            )
            session.commit()
            return pair

    def _refresh_token(self, row: ChannelToken | None) -> str:
        if row is not None:
            return self._open(row.refresh_token)
        if not self._first:
            raise LookupError("no refresh token: set FEEDBACK_ZALO_REFRESH_TOKEN once")
        return self._first

    def _pair(self, row: ChannelToken) -> TokenPair:
        return TokenPair(self._open(row.access_token), self._open(row.refresh_token), row.expires_at)

    def _open(self, sealed: bytes) -> str:
        return self._box.decrypt(sealed).decode()
