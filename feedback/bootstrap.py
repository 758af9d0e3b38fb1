"""The only wiring: settings become an App with real parts."""

from __future__ import annotations

from collections.abc import Mapping

from channels import registry
from channels.email.config import EmailConfig, ImapConfig, Security, SmtpConfig
from channels.hotline.config import HotlineConfig
from channels.ihanoi.config import IHanoiConfig
from channels.port import Adapter
from channels.web.config import WebConfig
from channels.zalo.config import SignatureScheme, ZaloConfig
from feedback import settings as settings_of
from feedback.bell import Bell, connection
from feedback.clock import utc_now
from feedback.domain import calendar
from feedback.domain.sealing import Signer
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.engine import connect
from feedback.store.raw import QuarantineLimits
from feedback.store.sealed import Box
from feedback.store.tokens import StoredTokens


def build(settings: Settings, *, pool_size: int = 8) -> App:
    """Connects lazily: nothing is reached before the first use."""
    bell = Bell(connection(settings.redis_url))
    store = Store(connect(settings.database_url, pool_size=pool_size), bell.ring)
    return App(
        store=store,
        adapters=adapters(settings, store),
        calendar=calendar.shipped(),
        contact_key=settings.contact_key.encode(),
        box=Box(settings.denunciation_keys),
        quarantine=QuarantineLimits(
            total_bytes=settings.limits.quarantine_bytes,
            per_minute=settings.limits.quarantine_per_minute,
        ),
        portal_url=settings.web.public.url,
        desk_url=settings.web.desk.url,
        signer=Signer(settings.seal_key) if settings.seal_key else None,
    )


def adapters(settings: Settings, store: Store) -> Mapping[str, Adapter]:
    """One adapter for each channel that is configured; the portal form is always there."""
    found: dict[str, Adapter] = {"web": registry.build("web", WebConfig(settings.secret_key.encode()))}
    channels = settings.channels
    if channels.zalo is not None:
        tokens = StoredTokens(store.engine, settings.data_keys, channels.zalo.refresh_token)
        found["zalo"] = registry.build("zalo", _zalo(channels.zalo), tokens=tokens, clock=utc_now)
    if channels.email is not None:
        found["email"] = registry.build("email", _email(channels.email), clock=utc_now)
    if channels.hotline is not None:
        hotline = HotlineConfig(folder=channels.hotline.folder, number=channels.hotline.number)
        found["hotline"] = registry.build("hotline", hotline)
    if channels.ihanoi is not None:
        ihanoi = IHanoiConfig(channels.ihanoi.secrets, channels.ihanoi.push_url)
        found["ihanoi"] = registry.build("ihanoi", ihanoi, clock=utc_now)
    return found


def _zalo(zalo: settings_of.Zalo) -> ZaloConfig:
    firsts = {"app_id": zalo.app_id, "oa_id": zalo.oa_id}
    secrets = {"oa_secret": zalo.oa_secret, "app_secret": zalo.app_secret}
    schemes = tuple(
        SignatureScheme(f"{first}+{last}", firsts[first], secrets[last]) for first, last in zalo.signatures
    )
    return ZaloConfig(
        app_id=zalo.app_id,
        oa_id=zalo.oa_id,
        schemes=schemes,
        app_secret=zalo.app_secret,
        api_base=zalo.api_url,
        oauth_base=zalo.oauth_url,
    )


def _email(email: settings_of.Email) -> EmailConfig:
    return EmailConfig(
        address=email.address,
        sender_name=email.from_name,
        smtp=SmtpConfig(
            email.smtp_host,
            email.smtp_port,
            email.smtp_user,
            email.smtp_password,
            Security(email.smtp_tls),
        ),
        imap=ImapConfig(
            email.imap_host,
            email.imap_port,
            email.imap_user,
            email.imap_password,
            Security(email.imap_tls),
            inbox=email.imap_mailbox,
        ),
    )
