"""Sentences in the reader's language, as plain strings."""

from __future__ import annotations

import flask_babel


def gettext(text: str, **values: object) -> str:
    """The translation of `text` (Vietnamese), with its `%(name)s` filled in."""
    return str(flask_babel.gettext(text, **values))
