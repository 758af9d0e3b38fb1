"""What a view may ask of the application it runs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from flask import Flask, current_app

from feedback.services.app import App
from feedback.settings import Settings

_KEY = "feedback"


@dataclass(frozen=True, slots=True)
class Here:
    """One surface with its parts."""

    app: App
    settings: Settings
    surface: Literal["public", "desk"]

    @property
    def secure(self) -> bool:
        """Whether browsers reach this surface by https."""
        web = self.settings.web
        return (web.public if self.surface == "public" else web.desk).url.startswith("https://")


def attach(flask_app: Flask, settings: Settings, surface: Literal["public", "desk"], app: App) -> None:
    flask_app.extensions[_KEY] = Here(app, settings, surface)


def here(flask_app: Flask | None = None) -> Here:
    """The surface that serves the request, or that of `flask_app`."""
    return cast(Here, (flask_app or current_app).extensions[_KEY])


def app() -> App:
    """The use cases' parts."""
    return here().app


def settings() -> Settings:
    return here().settings
