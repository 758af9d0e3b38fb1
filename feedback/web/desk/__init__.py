"""The staff's desk."""

from __future__ import annotations

from flask import Flask


def register(flask_app: Flask) -> None:
    """Log-in and every screen of the desk."""
