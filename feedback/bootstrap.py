"""The only wiring: settings become an App with real parts."""

from __future__ import annotations

from collections.abc import Mapping

from channels import registry
from channels.port import Adapter
from feedback.bell import Bell, connection
from feedback.domain import calendar, terms
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.engine import connect
from feedback.store.raw import QuarantineLimits
from feedback.store.tokens import StoredTokens


def build(settings: Settings, *, pool_size: int = 8) -> App:
    """Connects lazily: nothing is reached before the first use."""
    bell = Bell(connection(settings.redis_url))
    store = Store(connect(settings.database_url, pool_size=pool_size), bell.ring)
    return App(
        store=store,
        adapters=adapters(settings, store),
        calendar=calendar.shipped(),
        terms=terms.shipped(),
        contact_key=settings.contact_key.encode(),
        quarantine=QuarantineLimits(
            total_bytes=settings.limits.quarantine_bytes,
            per_minute=settings.limits.quarantine_per_minute,
        ),
        portal_url=settings.web.public.url,
    )
