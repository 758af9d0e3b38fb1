"""Settings: one frozen value, read from the environment, checked at start, all faults reported together."""

from feedback.settings.reader import SettingsError
from feedback.settings.table import Row, describe, markdown
from feedback.settings.values import (
    Channels,
    Email,
    Hotline,
    IHanoi,
    Limits,
    Log,
    Settings,
    Surface,
    Web,
    Zalo,
)

__all__ = [
    "Channels",
    "Email",
    "Hotline",
    "IHanoi",
    "Limits",
    "Log",
    "Row",
    "Settings",
    "SettingsError",
    "Surface",
    "Web",
    "Zalo",
    "describe",
    "markdown",
]
