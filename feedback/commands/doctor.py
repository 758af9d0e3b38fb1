"""`feedback doctor`: is everything there that the service needs, and does it fit together?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import redis

from feedback import bootstrap
from feedback.bell import connection
from feedback.clock import utc_now
from feedback.commands.audit import trusted
from feedback.domain import calendar
from feedback.domain.sealing import holds
from feedback.services import demo_accounts, recompute, rekey
from feedback.settings import Settings, SettingsError
from feedback.store import Store, migrate, standing
from feedback.store.audit import days, seals
from feedback.store.engine import connect
from feedback.store.faults import DatabaseFault

CLOCK_TOLERANCE = timedelta(seconds=5)
RECOMPUTE_WITHIN = timedelta(hours=50)
"""The clock process compares every night; two missed nights are worth a look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` None is a warning: the service runs, but somebody should look."""

    subject: str
    ok: bool | None
    detail: str


def examine(environ: Mapping[str, str]) -> int:
    """Print every finding. Exit code 1 where something is broken, 2 where the settings are."""
    try:
        settings = Settings.from_env(environ)
    except SettingsError as faults:
        print(f"FAULT  settings: {faults}")
        return 2
    findings = [finding for check in CHECKS for finding in check(settings)]
    for finding in findings:
        mark = {True: "ok   ", False: "FAULT", None: "WARN "}[finding.ok]
        print(f"{mark}  {finding.subject}: {finding.detail}")
    return 1 if any(finding.ok is False for finding in findings) else 0


def _settings(settings: Settings) -> Iterator[Finding]:
    for name in settings.unknown:
        yield Finding("settings", None, f"{name} is no setting of this service (misspelt?)")
    yield Finding("settings", True, f"channels on: {', '.join(settings.channels.enabled())}")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        found, newest = migrate.current(settings.database_owner_url), migrate.head()
        yield Finding("database", found == newest, f"at revision {found or 'none'}, code wants {newest}")
        store = Store(connect(settings.database_url, pool_size=1))
        with store.reading() as session:
            version = standing.server_version(session)
            powers, off = standing.powers_over_audit(session), standing.guards_off(session)
            separate = standing.logs_in_as(session) != standing.owner_of_audit(session)
            demo = standing.active_accounts_at(session, demo_accounts.DOMAIN)
            skew = abs(standing.database_time(session) - utc_now())
    except DatabaseFault as fault:
        yield Finding("database", False, f"not reachable ({type(fault).__name__})")
        return
    yield Finding("database", version >= 150000, f"PostgreSQL {version // 10000}.{version % 10000}")
    yield Finding(
        "audit rows",
        not powers,
        f"the application holds {', '.join(powers)}" if powers else "append-only for the application",
    )
    if off:
        yield Finding("audit rows", False, f"not guarded by {', '.join(off)}")
    if not separate:
        yield Finding(
            "audit rows", None, "application and owner share one log-in: set DATABASE_OWNER_URL apart"
        )
    if demo:
        yield Finding(
            "accounts", None, f"{demo} demo accounts with a published password: close them before real use"
        )
    good = skew <= CLOCK_TOLERANCE
    yield Finding("clock", good or None, f"{skew.total_seconds():.1f} s between this host and the database")


def _seals(settings: Settings) -> Iterator[Finding]:
    if settings.seal_key is None:
        yield Finding(
            "seals", None, "FEEDBACK_SEAL_KEY is not set: the clock process of this host seals nothing"
        )
    store = Store(connect(settings.database_url, pool_size=1))
    try:
        with store.reading() as session:
            last, now = seals.last(session), standing.database_time(session)
            late = days.late(session, now)
    except DatabaseFault:
        return  # told above
    if last is not None and holds(last, trusted(settings)) is not True:
        yield Finding("seals", False, f"that of {last.statement.day} is not signed by a key this host trusts")
    if late:
        yield Finding("seals", False, f"{len(late)} finished days are not sealed, the first is {late[0]}")
    elif last is not None:
        age = now - last.statement.sealed_at
        yield Finding(
            "seals", True, f"the last one is of {last.statement.day}, {age.total_seconds() / 3600:.0f} h old"
        )
    else:
        yield Finding("seals", True, "no day of service is over yet")


def _restricted_store(settings: Settings) -> Iterator[Finding]:
    subject = "restricted store"
    try:
        fits = rekey.key_fits(bootstrap.build(settings, pool_size=1))
    except DatabaseFault as fault:
        yield Finding(subject, False, f"not readable ({type(fault).__name__}): feedback db upgrade")
        return
    said = {
        None: "empty",
        True: "the key opens it",
        False: "FEEDBACK_DENUNCIATION_KEY does not open what lies there: put the old key behind the new one",
    }
    yield Finding(subject, fits is not False, said[fits])


def _redis(settings: Settings) -> Iterator[Finding]:
    try:
        client = connection(settings.redis_url)
        client.ping()
        # The client's own types cover the asynchronous one as well.
        found = cast(Mapping[str, str], client.config_get("maxmemory-policy"))
        policy = found.get("maxmemory-policy", "unknown")
    except redis.RedisError as fault:
        yield Finding(
            "redis", None, f"not reachable ({type(fault).__name__}): the outbox is swept without it"
        )
        return
    good = policy == "noeviction"
    yield Finding(
        "redis", good or None, f"maxmemory-policy {policy}" + ("" if good else ", should be noeviction")
    )


def _models(settings: Settings) -> Iterator[Finding]:
    from classifier import ArtefactInvalid, Classifier

    try:
        classifier = Classifier.load(settings.models_dir)
    except ArtefactInvalid as fault:
        yield Finding("models", False, f"{fault}; every ticket goes to the dispatcher meanwhile")
        return
    yield Finding("models", True, f"{classifier.version}, hashes agree")


def _channels(settings: Settings) -> Iterator[Finding]:
    app = bootstrap.build(settings, pool_size=1)
    for name, adapter in sorted(app.adapters.items()):
        reply = "replies by text" if adapter.info.can_reply else "replies by call-back"
        yield Finding(f"channel {name}", True, f"configured, {reply}")
    for name in ("email", "hotline", "ihanoi", "zalo"):
        if name not in app.adapters:
            yield Finding(f"channel {name}", None, "off")


def _calendar(_settings: Settings) -> Iterator[Finding]:
    shipped = calendar.shipped()
    announced = shipped.is_announced(utc_now())
    yield Finding(
        "calendar",
        announced or None,
        f"version {shipped.version}"
        + ("" if announced else ": days off of this year are assumed, not announced"),
    )


def _figures(settings: Settings) -> Iterator[Finding]:
    """Whether the figures were found equal to what the audit trail says of them."""
    app = bootstrap.build(settings, pool_size=1)
    try:
        last, alarm, now = recompute.last_run(app), recompute.alarm(app), app.store.now()
    except DatabaseFault:
        return  # said already
    if last is None:
        yield Finding("figures", None, "never compared with the audit trail (feedback audit recompute)")
        return
    told = alarm or last
    good = alarm is None and (now - last.at < RECOMPUTE_WITHIN or None)
    yield Finding(
        "figures",
        good,
        f"compared with the audit trail {told.at:%Y-%m-%d %H:%M} UTC: "
        f"{told.agreeing} agree, {told.disagreeing} disagree, {told.unknown} cannot be recomputed",
    )


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _settings,
    _database,
    _seals,
    _restricted_store,
    _redis,
    _models,
    _channels,
    _calendar,
    _figures,
)
