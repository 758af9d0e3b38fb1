"""What stands around every desk page: the navigation of the roles one has."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from flask import Blueprint, Flask, request
from flask_babel import lazy_gettext
from flask_login import current_user

from feedback.domain.permissions import Action
from feedback.web.access import may_ever
from feedback.web.desk import reminders


@dataclass(frozen=True, slots=True)
class Link:
    """`action`: who sees it; `part`: the blueprint it stands for."""

    title: Any
    endpoint: str
    action: Action

    @property
    def active(self) -> bool:
        return request.endpoint == self.endpoint


LINKS = (
    Link(lazy_gettext("Hồ sơ"), "inbox.home", Action.READ),
    Link(lazy_gettext("Duyệt"), "review.next_card", Action.ROUTE),
    Link(lazy_gettext("Gia hạn"), "extensions.listing", Action.DECIDE_EXTENSION),
    Link(lazy_gettext("Số liệu"), "figures.overview", Action.VIEW_FIGURES),
    Link(lazy_gettext("Nhật ký"), "trail.search", Action.VIEW_AUDIT),
    Link(lazy_gettext("Lịch"), "calendar.year", Action.VIEW_TERMS),
    Link(lazy_gettext("Thời hạn"), "terms.overview", Action.VIEW_TERMS),
    Link(lazy_gettext("Quyền dữ liệu"), "rights.board", Action.MANAGE_RIGHTS),
    Link(lazy_gettext("Tài khoản"), "people.listing", Action.MANAGE_USERS),
    Link(lazy_gettext("Kênh"), "channels.state", Action.MANAGE_CHANNELS),
    Link(lazy_gettext("Cách ly"), "channels.quarantined", Action.MANAGE_QUARANTINE),
)


def install(flask_app: Flask) -> None:
    flask_app.context_processor(_for_templates)


def links() -> list[Link]:
    """The screens that the person logged in may use."""
    if not current_user.is_authenticated:
        return []
    actor = current_user.actor()
    return [link for link in LINKS if may_ever(actor, link.action)]


SCREENS = (
    "inbox",
    "ticket",
    "minutes",
    "moves",
    "letter",
    "extensions",
    "files",
    "review",
    "figures",
    "figure_lists",
    "monthly",
    "trail",
    "calendar",
    "terms",
    "rights",
    "reminders",
    "people",
    "channels",
)
"""Modules of this package; each holds a `blueprint`."""


def blueprints() -> tuple[Blueprint, ...]:
    """Every screen family of the desk."""
    return tuple(import_module(f"feedback.web.desk.{name}").blueprint for name in SCREENS)


def _for_templates() -> dict[str, object]:
    reminded = current_user.is_authenticated and may_ever(current_user.actor(), Action.READ)
    return {"links": links(), "bell": reminders.bell, "reminded": reminded}
