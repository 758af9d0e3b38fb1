"""From the environment to `Settings`: the only reader of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feedback.settings.channels import read_channels
from feedback.settings.reader import Reader, SettingsError
from feedback.settings.table import BY_NAME
from feedback.settings.values import Limits, Log, Settings, Surface, Web

DATABASE = ("postgresql", "postgresql+psycopg")
REDIS = ("redis", "rediss", "unix")
GIGABYTE = 10**9
LAST_PORT = 65535


def read(environ: Mapping[str, str]) -> Settings:
    """Read every setting. Raises SettingsError with all faults."""
    reader = Reader(environ)
    database = reader.url("DATABASE_URL", DATABASE)
    settings = Settings(
        home=Path(reader.text("FEEDBACK_HOME")),
        database_url=database,
        database_owner_url=owner_url(reader, database),
        redis_url=reader.url("REDIS_URL", REDIS),
        secret_key=reader.key("FEEDBACK_SECRET_KEY"),
        contact_key=reader.key("FEEDBACK_CONTACT_KEY"),
        data_keys=reader.fernet_keys("FEEDBACK_DATA_KEY"),
        seal_key=reader.seal_key("FEEDBACK_SEAL_KEY") if reader.given("FEEDBACK_SEAL_KEY") else None,
        seal_public_keys=reader.seal_keys("FEEDBACK_SEAL_PUBLIC_KEYS"),
        denunciation_keys=denunciation_keys(reader),
        models_dir=Path(reader.text("FEEDBACK_MODELS_DIR")),
        demo=reader.choice("FEEDBACK_DEMO", ("0", "1")) == "1",
        web=read_web(reader),
        log=read_log(reader),
        limits=read_limits(reader),
        channels=read_channels(reader),
        unknown=unknown(environ),
    )
    if reader.faults:
        raise SettingsError(reader.faults)
    return settings


def denunciation_keys(reader: Reader) -> tuple[str, ...]:
    """Keys of their own: whoever may open provider tokens must not be able to open denunciations with the same key."""
    name = "FEEDBACK_DENUNCIATION_KEY"
    keys = reader.fernet_keys(name)
    if set(keys) & set(reader.words("FEEDBACK_DATA_KEY")):
        reader.fault(name, "must differ from every key of FEEDBACK_DATA_KEY")
    return keys


def owner_url(reader: Reader, otherwise: str) -> str:
    return reader.url("DATABASE_OWNER_URL", DATABASE) if reader.given("DATABASE_OWNER_URL") else otherwise


def read_web(reader: Reader) -> Web:
    public = surface(reader, "PUBLIC")
    desk = surface(reader, "DESK")
    if (public.host, public.port) == (desk.host, desk.port):
        reader.fault("FEEDBACK_DESK_PORT", "must differ from FEEDBACK_PUBLIC_PORT")
    return Web(
        public=public,
        desk=desk,
        workers=reader.number("FEEDBACK_WEB_WORKERS", 1, 64),
        threads=reader.number("FEEDBACK_WEB_THREADS", 1, 64),
        trusted_proxies=reader.number("FEEDBACK_TRUSTED_PROXIES", 0, 5),
    )


def surface(reader: Reader, which: str) -> Surface:
    host = reader.text(f"FEEDBACK_{which}_HOST")
    port = reader.number(f"FEEDBACK_{which}_PORT", 1, LAST_PORT)
    name = f"FEEDBACK_{which}_URL"
    url = reader.url(name, ("http", "https")) if reader.given(name) else f"http://{host}:{port}"
    return Surface(host, port, url)


def read_log(reader: Reader) -> Log:
    return Log(
        level=reader.choice("FEEDBACK_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR")),
        format=reader.choice("FEEDBACK_LOG_FORMAT", ("json", "text")),
    )


def read_limits(reader: Reader) -> Limits:
    return Limits(
        quarantine_bytes=reader.number("FEEDBACK_QUARANTINE_BYTES", 1_000_000, 100 * GIGABYTE),
        quarantine_per_minute=reader.number("FEEDBACK_QUARANTINE_PER_MINUTE", 1, 100_000),
        upload_bytes=reader.number("FEEDBACK_UPLOAD_BYTES", 100_000, GIGABYTE),
        hook_bytes=reader.number("FEEDBACK_HOOK_BYTES", 10_000, GIGABYTE),
    )


def unknown(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Names that look like settings of ours and are none."""
    return tuple(sorted(name for name in environ if name.startswith("FEEDBACK_") and name not in BY_NAME))
