"""Reads single values and collects every fault, so that a start reports all of them together."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from feedback.settings.table import BY_NAME

KEY_LENGTH = 32
FERNET_BYTES = 32
OF_32_BYTES = re.compile(r"[A-Za-z0-9_-]{43}=?")


class SettingsError(Exception):
    """All faults of the environment. Names and reasons only: a value could be a secret."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("settings:\n" + "\n".join(f"  {fault}" for fault in self.faults))


class Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []
        self.asked: set[str] = set()

    def given(self, name: str) -> bool:
        """Whether the environment sets it (empty counts as unset)."""
        self.asked.add(name)
        return bool(self._environ.get(name, "").strip())

    def text(self, name: str) -> str:
        """The value or the default; a fault where there is neither."""
        default = BY_NAME[name].default
        if self.given(name):
            return self._environ[name].strip()
        if default is None:
            self.fault(name, "is not set")
        return default or ""

    def number(self, name: str, low: int, high: int) -> int:
        text = self.text(name)
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        self.fault(name, f"must be a whole number from {low} to {high}")
        return low

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        text = self.text(name)
        if text not in allowed:
            self.fault(name, f"must be one of {', '.join(allowed)}")
        return text

    def words(self, name: str) -> tuple[str, ...]:
        """Parts between commas."""
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        text = self.text(name)
        if text and not well_formed(text, schemes):
            self.fault(
                name, f"must be a URL beginning with {' or '.join(f'{scheme}://' for scheme in schemes)}"
            )
        return text.rstrip("/")

    def key(self, name: str) -> str:
        text = self.text(name)
        if text and len(text) < KEY_LENGTH:
            self.fault(name, f"must have at least {KEY_LENGTH} characters")
        return text

    def fernet_keys(self, name: str) -> tuple[str, ...]:
        keys = self.words(name)
        if not all(is_fernet_key(key) for key in keys):
            self.fault(name, "must hold Fernet keys (32 bytes in URL-safe base64)")
        return keys

    def seal_key(self, name: str) -> str:
        keys = self.seal_keys(name)
        if len(keys) != 1:
            self.fault(name, "must be one key")
        return "".join(keys[:1])

    def seal_keys(self, name: str) -> tuple[str, ...]:
        keys = self.words(name)
        if not all(OF_32_BYTES.fullmatch(key) for key in keys):
            self.fault(name, "must hold 32 bytes in URL-safe base64")
        return keys

    def fault(self, name: str, reason: str) -> None:
        # One sentence a setting: "is not set" already says why a number cannot be read.
        if not any(known.startswith(f"{name} ") for known in self.faults):
            self.faults.append(f"{name} {reason}")


def well_formed(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 — raises for a port that is none
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc or parts.path.strip("/"))


def is_fernet_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == FERNET_BYTES
    except (binascii.Error, ValueError):
        return False
