"""How values look on every page: instants on a Hanoi clock, terms, versioned addresses of static files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext

from feedback.clock import in_hanoi
from feedback.domain.terms import Term, Unit

STATIC = Path(__file__).parent / "static"

UNITS: Mapping[Unit, Any] = {
    Unit.WORKING_HOURS: lazy_gettext("giờ làm việc"),
    Unit.WORKING_DAYS: lazy_gettext("ngày làm việc"),
    Unit.CALENDAR_DAYS: lazy_gettext("ngày"),
}


def install(flask_app: Flask) -> None:
    fingerprint = _fingerprint()

    def asset(name: str) -> str:
        """Address of a static file; it changes with the files, so that browsers may keep them."""
        return url_for("static", filename=name, v=fingerprint)

    flask_app.add_template_global(asset)
    flask_app.add_template_filter(moment)
    flask_app.add_template_filter(day)
    flask_app.add_template_filter(term_length)
    flask_app.jinja_env.trim_blocks = True
    flask_app.jinja_env.lstrip_blocks = True


def moment(value: datetime | None) -> str:
    """ "17:00 27/02/2026" on a Hanoi clock."""
    return f"{in_hanoi(value):%H:%M %d/%m/%Y}" if value else "–"


def day(value: datetime | None) -> str:
    """ "27/02/2026" on a Hanoi clock."""
    return f"{in_hanoi(value):%d/%m/%Y}" if value else "–"


def term_length(term: Term) -> str:
    """ "5 ngày làm việc", in the language of the page."""
    return f"{term.number} {UNITS[term.unit]}"


def _fingerprint() -> str:
    digest = sha256()
    for path in sorted(STATIC.glob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
