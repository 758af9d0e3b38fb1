"""Settings: all faults together, no secret shown, every setting documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback.settings import Settings, SettingsError, describe, markdown
from feedback.settings.reader import Reader

ROOT = Path(__file__).parent.parent.parent
FERNET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I="
OTHER_FERNET = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q="
MINIMUM = {
    "DATABASE_URL": "postgresql://app:pw-of-the-base@db.test/feedback",
    "REDIS_URL": "redis://:pw-of-the-queue@queue.test/0",
    "FEEDBACK_SECRET_KEY": "s" * 40,
    "FEEDBACK_CONTACT_KEY": "c" * 40,
    "FEEDBACK_DATA_KEY": FERNET,
    "FEEDBACK_DENUNCIATION_KEY": OTHER_FERNET,
}
ZALO = {
    "FEEDBACK_ZALO_APP_ID": "11",
    "FEEDBACK_ZALO_OA_ID": "22",
    "FEEDBACK_ZALO_OA_SECRET": "oa-secret-value",
    "FEEDBACK_ZALO_APP_SECRET": "app-secret-value",
}


def faults(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environ)
    return caught.value.faults


def test_the_minimum_is_enough() -> None:
    settings = Settings.from_env(MINIMUM)
    assert settings.database_owner_url == settings.database_url
    assert settings.web.public.url == "http://127.0.0.1:8000"
    assert settings.limits.quarantine_bytes == 200_000_000
    assert settings.channels.enabled() == ("web",)


def test_every_fault_is_reported_together() -> None:
    found = faults(
        {"FEEDBACK_PUBLIC_PORT": "http", "FEEDBACK_ZALO_APP_ID": "11", "FEEDBACK_LOG_FORMAT": "xml"}
    )
    names = [fault.split()[0] for fault in found]
    assert {*MINIMUM, "FEEDBACK_PUBLIC_PORT", "FEEDBACK_LOG_FORMAT", "FEEDBACK_ZALO_OA_ID"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "postgresql://host:port/x"),
        ("REDIS_URL", "valkey+unix:///run/x"),
        ("FEEDBACK_SECRET_KEY", "short"),
        ("FEEDBACK_DATA_KEY", "not-a-key"),
        ("FEEDBACK_DATA_KEY", f"{FERNET},đ"),
        ("FEEDBACK_SEAL_KEY", "short"),
        ("FEEDBACK_SEAL_KEY", f"{FERNET},{FERNET}"),
        ("FEEDBACK_SEAL_PUBLIC_KEYS", f"{FERNET},short"),
        ("FEEDBACK_PUBLIC_PORT", "70000"),
        ("FEEDBACK_PUBLIC_PORT", "²"),
        ("FEEDBACK_DESK_PORT", "8000"),
        ("FEEDBACK_PUBLIC_URL", "phananh.example.test"),
        ("FEEDBACK_UPLOAD_BYTES", "-1"),
        ("FEEDBACK_CHANNELS_OFF", "fax"),
    ],
)
def test_a_wrong_value_names_its_setting_and_is_not_repeated(name: str, value: str) -> None:
    (fault,) = faults({**MINIMUM, name: value})
    assert fault.startswith(f"{name} ")
    assert value not in fault.split()


def test_a_channel_is_on_when_complete_and_a_fault_when_half() -> None:
    settings = Settings.from_env(MINIMUM | ZALO)
    assert settings.channels.enabled() == ("zalo", "web")
    assert settings.channels.zalo and ("oa_id", "oa_secret") in settings.channels.zalo.signatures
    half = {name: value for name, value in ZALO.items() if name != "FEEDBACK_ZALO_OA_SECRET"}
    assert faults(MINIMUM | half) == ("FEEDBACK_ZALO_OA_SECRET is not set",)


def test_a_configured_channel_can_be_left_off() -> None:
    settings = Settings.from_env({**MINIMUM, **ZALO, "FEEDBACK_CHANNELS_OFF": "zalo"})
    assert settings.channels.zalo is None


def test_repr_shows_no_secret() -> None:
    environ = {
        **MINIMUM,
        **ZALO,
        "FEEDBACK_IHANOI_SECRETS": "whsec_abc",
        "FEEDBACK_IHANOI_PUSH_URL": "https://p.test",
    }
    shown = repr(Settings.from_env(environ))
    secret = {row.name for row in describe() if row.secret}
    assert not [name for name, value in environ.items() if name in secret and value in shown]


def test_a_name_nobody_knows_is_kept_for_the_doctor() -> None:
    assert Settings.from_env({**MINIMUM, "FEEDBACK_PUBLC_PORT": "1"}).unknown == ("FEEDBACK_PUBLC_PORT",)


def test_every_setting_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    readers: list[Reader] = []
    make = Reader.__init__

    def note(self: Reader, environ: dict[str, str]) -> None:
        make(self, environ)
        readers.append(self)

    monkeypatch.setattr(Reader, "__init__", note)
    trigger = ("ZALO_APP_ID", "IMAP_HOST", "HOTLINE_FOLDER", "IHANOI_SECRETS")
    faults({f"FEEDBACK_{name}": "x" for name in trigger} | {"FEEDBACK_ZALO_REFRESH_TOKEN": "t"})
    assert readers[0].asked == {row.name for row in describe()}


def test_the_documentation_holds_the_table() -> None:
    assert markdown() in (ROOT / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")


def test_only_the_settings_and_the_commands_read_the_environment() -> None:
    allowed = {"commands", "demo", "embedded", "launcher", "wsgi.py"}
    readers = {
        path.relative_to(ROOT / "feedback")
        for path in (ROOT / "feedback").rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8") or "os.getenv" in path.read_text(encoding="utf-8")
    }
    assert not [path for path in readers if not allowed & {path.name, path.parts[0]}]
