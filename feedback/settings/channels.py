"""Channel settings. All needed ones: the channel is on. None: off. Some: a fault for each missing one."""

from __future__ import annotations

from pathlib import Path

from feedback.settings.reader import Reader
from feedback.settings.values import Channels, Email, Hotline, IHanoi, Zalo

LAST_PORT = 65535
TLS = ("tls", "starttls", "none")
NEEDED = {
    "zalo": ("ZALO_APP_ID", "ZALO_OA_ID", "ZALO_OA_SECRET", "ZALO_APP_SECRET"),
    "email": ("IMAP_HOST", "IMAP_USER", "IMAP_PASSWORD", "SMTP_HOST", "EMAIL_ADDRESS"),
    "hotline": ("HOTLINE_FOLDER",),
    "ihanoi": ("IHANOI_SECRETS", "IHANOI_PUSH_URL"),
}


def read_channels(reader: Reader) -> Channels:
    off = switched_off(reader)
    return Channels(
        zalo=zalo(reader) if wanted(reader, "zalo", off) else None,
        email=email(reader) if wanted(reader, "email", off) else None,
        hotline=hotline(reader) if wanted(reader, "hotline", off) else None,
        ihanoi=ihanoi(reader) if wanted(reader, "ihanoi", off) else None,
    )


def switched_off(reader: Reader) -> tuple[str, ...]:
    names = reader.words("FEEDBACK_CHANNELS_OFF")
    if not set(names) <= NEEDED.keys():
        reader.fault("FEEDBACK_CHANNELS_OFF", f"may name {', '.join(NEEDED)}")
    return names


def wanted(reader: Reader, channel: str, off: tuple[str, ...]) -> bool:
    given = [reader.given(f"FEEDBACK_{name}") for name in NEEDED[channel]]
    return channel not in off and any(given)


def zalo(reader: Reader) -> Zalo:
    token = "FEEDBACK_ZALO_REFRESH_TOKEN"  # noqa: S105 — the name, not the token
    return Zalo(
        app_id=reader.text("FEEDBACK_ZALO_APP_ID"),
        oa_id=reader.text("FEEDBACK_ZALO_OA_ID"),
        oa_secret=reader.text("FEEDBACK_ZALO_OA_SECRET"),
        app_secret=reader.text("FEEDBACK_ZALO_APP_SECRET"),
        refresh_token=reader.text(token) if reader.given(token) else None,
        signatures=signatures(reader),
        unsigned_status=401
        if reader.choice("FEEDBACK_ZALO_UNSIGNED_STATUS", ("200", "401")) == "401"
        else 200,
        api_url=reader.url("FEEDBACK_ZALO_API_URL", ("https", "http")),
        oauth_url=reader.url("FEEDBACK_ZALO_OAUTH_URL", ("https", "http")),
    )


def signatures(reader: Reader) -> tuple[tuple[str, str], ...]:
    name = "FEEDBACK_ZALO_SIGNATURES"
    pairs = tuple(
        (first, secret) for first, _, secret in (word.partition(":") for word in reader.words(name))
    )
    if not pairs or any(
        f not in ("app_id", "oa_id") or s not in ("oa_secret", "app_secret") for f, s in pairs
    ):
        reader.fault(name, "must hold pairs of app_id or oa_id, a colon, and oa_secret or app_secret")
    return pairs


def email(reader: Reader) -> Email:
    return Email(
        imap_host=reader.text("FEEDBACK_IMAP_HOST"),
        imap_port=reader.number("FEEDBACK_IMAP_PORT", 1, LAST_PORT),
        imap_tls=reader.choice("FEEDBACK_IMAP_TLS", TLS),
        imap_user=reader.text("FEEDBACK_IMAP_USER"),
        imap_password=reader.text("FEEDBACK_IMAP_PASSWORD"),
        imap_mailbox=reader.text("FEEDBACK_IMAP_MAILBOX"),
        smtp_host=reader.text("FEEDBACK_SMTP_HOST"),
        smtp_port=reader.number("FEEDBACK_SMTP_PORT", 1, LAST_PORT),
        smtp_tls=reader.choice("FEEDBACK_SMTP_TLS", TLS),
        smtp_user=reader.text("FEEDBACK_SMTP_USER"),
        smtp_password=reader.text("FEEDBACK_SMTP_PASSWORD"),
        address=address(reader),
        from_name=reader.text("FEEDBACK_EMAIL_FROM_NAME"),
    )


def address(reader: Reader) -> str:
    text = reader.text("FEEDBACK_EMAIL_ADDRESS")
    local, _, host = text.rpartition("@")
    if not local or not host or any(letter.isspace() for letter in text):
        reader.fault("FEEDBACK_EMAIL_ADDRESS", "must be an address with one @")
    return text


def hotline(reader: Reader) -> Hotline:
    return Hotline(Path(reader.text("FEEDBACK_HOTLINE_FOLDER")), reader.text("FEEDBACK_HOTLINE_NUMBER"))


def ihanoi(reader: Reader) -> IHanoi:
    return IHanoi(
        reader.words("FEEDBACK_IHANOI_SECRETS"), reader.url("FEEDBACK_IHANOI_PUSH_URL", ("https", "http"))
    )
