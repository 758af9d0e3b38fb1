"""Secrets of an embedded installation: made once, kept 0600 under the home, never printed."""

from __future__ import annotations

import secrets

from cryptography.fernet import Fernet

from feedback.embedded.home import Home, write_private

NAMES = (
    "FEEDBACK_SECRET_KEY",
    "FEEDBACK_CONTACT_KEY",
    "FEEDBACK_DATA_KEY",
    "FEEDBACK_SEAL_KEY",
    "FEEDBACK_DENUNCIATION_KEY",
)
OF_32_BYTES = {"FEEDBACK_DATA_KEY", "FEEDBACK_SEAL_KEY", "FEEDBACK_DENUNCIATION_KEY"}


def environment(home: Home) -> dict[str, str]:
    """Every secret by the name of its setting; a missing one is made now."""
    return {name: kept(home, name) for name in NAMES}


def kept(home: Home, name: str) -> str:
    path = home.secrets / name.removeprefix("FEEDBACK_").lower()
    if not path.is_file():
        write_private(
            path, Fernet.generate_key().decode() if name in OF_32_BYTES else secrets.token_urlsafe(48)
        )
    return path.read_text(encoding="utf-8").strip()
