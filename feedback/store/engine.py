"""Connections. Every session works as the role `feedback_app`, whoever logged in, in UTC."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

APP_ROLE = "feedback_app"


def connect(url: str, *, pool_size: int = 8, role: str | None = APP_ROLE, timeout_ms: int = 15_000) -> Engine:
    """An engine for `url` (postgresql://…). `role=None` keeps the login role (migrations).

    `timeout_ms` bounds each statement, so that a stuck query can never hold a web thread for ever.
    """
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    options = ["-c timezone=UTC", f"-c statement_timeout={timeout_ms}"]
    if role is not None:
        options.append(f"-c role={role}")
    return create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # statements may be logged, what people wrote may not
        pool_timeout=10,
        connect_args={"options": " ".join(options), "connect_timeout": 5},
    )
