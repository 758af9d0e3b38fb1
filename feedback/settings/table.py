"""Every setting there is. `docs/OPERATIONS.md` holds the same table, and a test compares them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`default` is None where there is none; `secret` values are never shown."""

    name: str
    default: str | None
    meaning: str
    secret: bool = False


def _secret(name: str, meaning: str, default: str | None = None) -> Row:
    return Row(name, default, meaning, secret=True)


SERVICE = (
    Row(
        "FEEDBACK_HOME",
        ".feedback",
        "Folder of the embedded servers' data, logs and generated secrets (0700)",
    ),
    _secret(
        "DATABASE_URL", "PostgreSQL ≥ 15 as the application's role; unset: `make run` starts an embedded one"
    ),
    _secret("DATABASE_OWNER_URL", "The same database as its owner, for migrations only; unset: DATABASE_URL"),
    _secret(
        "REDIS_URL", "Redis ≥ 7 or Valkey ≥ 7.2 with `noeviction`; unset: `make run` starts an embedded one"
    ),
    _secret("FEEDBACK_SECRET_KEY", "Signs sessions and form tokens, at least 32 characters"),
    _secret(
        "FEEDBACK_CONTACT_KEY", "Key of the hashes by which contacts are found again, at least 32 characters"
    ),
    _secret("FEEDBACK_DATA_KEY", "Fernet keys for stored provider tokens, newest first, comma between them"),
    _secret(
        "FEEDBACK_SEAL_KEY",
        "Signs the audit trail's daily seals, 32 bytes in URL-safe base64; needed where `clock` runs",
    ),
    Row(
        "FEEDBACK_SEAL_PUBLIC_KEYS",
        "",
        "Public keys of seals that are trusted besides: earlier ones, or all where FEEDBACK_SEAL_KEY is not; comma between",
    ),
    _secret(
        "FEEDBACK_DENUNCIATION_KEY",
        "Fernet keys of the restricted store of denunciations, newest first, comma between them; none of FEEDBACK_DATA_KEY",
    ),
    Row("FEEDBACK_MODELS_DIR", "models", "Folder with the classifier's artefacts"),
    Row("FEEDBACK_DEMO", "1", "`make run` only: 1 plays the demo stream, 0 does not"),
)
WEB = (
    Row("FEEDBACK_PUBLIC_HOST", "127.0.0.1", "Address the citizens' surface and the webhooks listen on"),
    Row("FEEDBACK_PUBLIC_PORT", "8000", "Its port"),
    Row("FEEDBACK_PUBLIC_URL", None, "How citizens reach it from outside; unset: http://host:port"),
    Row("FEEDBACK_DESK_HOST", "127.0.0.1", "Address the staff's desk listens on"),
    Row("FEEDBACK_DESK_PORT", "8001", "Its port"),
    Row("FEEDBACK_DESK_URL", None, "How staff reach it; unset: http://host:port"),
    Row("FEEDBACK_WEB_WORKERS", "1", "gunicorn processes per surface"),
    Row("FEEDBACK_WEB_THREADS", "4", "Threads per gunicorn process"),
    Row("FEEDBACK_TRUSTED_PROXIES", "0", "Reverse proxies whose X-Forwarded-* headers are believed"),
    Row("FEEDBACK_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
    Row("FEEDBACK_LOG_FORMAT", "json", "json (one object a line) or text"),
)
LIMITS = (
    Row(
        "FEEDBACK_QUARANTINE_BYTES",
        "200000000",
        "Bytes kept in quarantine, half for unsigned and half for unreadable deliveries; beyond it they are only counted",
    ),
    Row(
        "FEEDBACK_QUARANTINE_PER_MINUTE",
        "60",
        "Quarantined deliveries kept per minute, of unsigned and of unreadable ones each",
    ),
    Row("FEEDBACK_UPLOAD_BYTES", "26214400", "Largest portal form with its files, in bytes"),
    Row("FEEDBACK_HOOK_BYTES", "1048576", "Largest webhook body, in bytes (413 beyond)"),
    Row("FEEDBACK_CHANNELS_OFF", "", "Configured channels to leave off for now, comma between them"),
)
ZALO = (
    Row("FEEDBACK_ZALO_APP_ID", None, "Zalo application id"),
    Row("FEEDBACK_ZALO_OA_ID", None, "Official Account id"),
    _secret("FEEDBACK_ZALO_OA_SECRET", "OA Secret Key of the webhook page"),
    _secret("FEEDBACK_ZALO_APP_SECRET", "App Secret, for refreshing tokens"),
    _secret(
        "FEEDBACK_ZALO_REFRESH_TOKEN",
        "First refresh token, taken over once; later pairs live in the database",
    ),
    Row(
        "FEEDBACK_ZALO_SIGNATURES",
        "app_id:oa_secret,oa_id:oa_secret,app_id:app_secret",
        "Accepted signatures as first term:secret, tried in order",
    ),
    Row(
        "FEEDBACK_ZALO_UNSIGNED_STATUS",
        "200",
        "Answer to a bad signature: 200 (keeps the webhook alive) or 401",
    ),
    Row("FEEDBACK_ZALO_API_URL", "https://openapi.zalo.me", "Base of the sending API"),
    Row("FEEDBACK_ZALO_OAUTH_URL", "https://oauth.zaloapp.com", "Base of the token endpoint"),
)
EMAIL = (
    Row("FEEDBACK_IMAP_HOST", None, "Mailbox server"),
    Row("FEEDBACK_IMAP_PORT", "993", "Its port"),
    Row("FEEDBACK_IMAP_TLS", "tls", "tls, starttls or none"),
    Row("FEEDBACK_IMAP_USER", None, "Mailbox user"),
    _secret("FEEDBACK_IMAP_PASSWORD", "Mailbox password"),
    Row("FEEDBACK_IMAP_MAILBOX", "INBOX", "Folder that is fetched"),
    Row("FEEDBACK_SMTP_HOST", None, "Server for outgoing mail"),
    Row("FEEDBACK_SMTP_PORT", "587", "Its port"),
    Row("FEEDBACK_SMTP_TLS", "starttls", "tls, starttls or none"),
    Row("FEEDBACK_SMTP_USER", "", "User for outgoing mail, empty: no log-in"),
    _secret("FEEDBACK_SMTP_PASSWORD", "Password for outgoing mail", ""),
    Row("FEEDBACK_EMAIL_ADDRESS", None, "Address citizens write to and get answers from"),
    Row("FEEDBACK_EMAIL_FROM_NAME", "Tiếp nhận phản ánh Hà Nội", "Name beside the address"),
)
HOTLINE = (
    Row("FEEDBACK_HOTLINE_FOLDER", None, "Drop folder for transcripts"),
    Row("FEEDBACK_HOTLINE_NUMBER", "1022", "Number citizens call, as shown to them"),
)
IHANOI = (
    _secret(
        "FEEDBACK_IHANOI_SECRETS", "Standard Webhooks secrets (`whsec_…`), newest first, comma between them"
    ),
    Row("FEEDBACK_IHANOI_PUSH_URL", None, "Where status changes are pushed to"),
)

ROWS: tuple[Row, ...] = (*SERVICE, *WEB, *LIMITS, *ZALO, *EMAIL, *HOTLINE, *IHANOI)
BY_NAME = {row.name: row for row in ROWS}


def describe() -> tuple[Row, ...]:
    """Every setting, in the order of the documentation."""
    return ROWS


def markdown() -> str:
    """The table of `docs/OPERATIONS.md`."""
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    for row in ROWS:
        default = "–" if row.default is None else f"`{row.default}`" if row.default else "empty"
        secret = " **(secret)**" if row.secret else ""
        lines.append(f"| `{row.name}` | {default} | {row.meaning}{secret} |")
    return "\n".join(lines) + "\n"
