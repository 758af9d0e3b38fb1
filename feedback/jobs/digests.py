"""Mailing reminders, under a name that no other process has."""

from __future__ import annotations

import os
import socket

from feedback.services import digest
from feedback.services.app import App


def send(app: App) -> int:
    """Gather and send what is due; returns how many mails were handled."""
    return digest.run(app, f"{socket.gethostname()}-{os.getpid()}")
