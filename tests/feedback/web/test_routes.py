"""Every route says who may use it, and nobody else can."""

from __future__ import annotations

import pytest

from feedback.domain.permissions import WARD_ROLES, Action, Role
from feedback.web import access
from feedback.web.access import PUBLIC, SIGNED_IN
from tests.feedback.web.desk_town import NGHIA_DO, Town

OPEN_TO_ALL = {
    "static",
    "security.static",
    "security.login",
    "health.healthz",
    "health.readyz",
    "health.metrics",
}


def test_every_route_of_the_desk_has_a_required_action(town: Town) -> None:
    for rule in town.flask_app.url_map.iter_rules():
        needed = access.required(town.flask_app, rule.endpoint)
        assert needed in (PUBLIC, SIGNED_IN) or isinstance(needed, Action), rule.endpoint
        assert (needed == PUBLIC) == (rule.endpoint in OPEN_TO_ALL), rule.endpoint


def test_no_route_but_the_open_ones_answers_a_stranger(town: Town) -> None:
    stranger = town.visitor()
    for rule in town.flask_app.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL:
            continue
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<int:{name}>", "1").replace(f"<{name}>", "HN-26-7K3F-92")
        if "GET" in (rule.methods or ()):
            assert stranger.get(path).status_code == 302, path
        else:
            assert stranger.post(path).status_code == 401, path


def test_a_new_route_without_a_mark_is_refused(town: Town) -> None:
    town.flask_app.add_url_rule("/quen-danh-dau", "forgotten", lambda: "secret")
    admin = town.log_in(town.hire("quan", Role.ADMIN))
    assert admin.get("/quen-danh-dau").status_code == 403


FIGURES = {Role.WARD_LEAD, Role.WARD_CHAIR, Role.DISPATCHER, Role.AUDITOR}
SCREENS = {
    "/": set(Role) - {Role.ADMIN, Role.PRIVACY_OFFICER},
    "/nhac-viec": set(Role) - {Role.ADMIN, Role.PRIVACY_OFFICER},
    "/duyet": {Role.DISPATCHER, Role.DENUNCIATION_OFFICER},
    "/gia-han": {Role.WARD_LEAD, Role.WARD_CHAIR, Role.DISPATCHER, Role.DENUNCIATION_OFFICER},
    "/so-lieu": FIGURES,
    "/so-lieu/bang-xep-hang": FIGURES,
    "/so-lieu/phan-bo": FIGURES,
    "/so-lieu/qua-han": FIGURES,
    "/so-lieu/ho-so": FIGURES,
    "/so-lieu/bao-cao": FIGURES,
    "/so-lieu/can-bo": FIGURES - {Role.DISPATCHER},
    "/so-lieu/csv": {Role.AUDITOR},
    "/so-lieu/qua-han/csv": {Role.AUDITOR},
    "/so-lieu/json": {Role.AUDITOR},
    "/nhat-ky": {Role.AUDITOR},
    "/lich": {Role.DISPATCHER, Role.AUDITOR, Role.ADMIN},
    "/thoi-han": {Role.DISPATCHER, Role.AUDITOR, Role.ADMIN},
    "/tai-khoan": {Role.ADMIN},
    "/quyen-du-lieu": {Role.PRIVACY_OFFICER},
    "/so-xoa": {Role.PRIVACY_OFFICER},
    "/so-xoa/csv": {Role.PRIVACY_OFFICER},
    "/kenh": {Role.ADMIN},
    "/cach-ly": {Role.ADMIN},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_screens_and_no_other(town: Town, role: Role) -> None:
    town.ticket()
    ward = NGHIA_DO if role in WARD_ROLES else None
    visitor = town.log_in(town.hire("ai", role, ward))
    for path, roles in SCREENS.items():
        status = visitor.get(path).status_code
        if path == "/":
            assert status == (200 if role in roles else 302), (role, path)
        else:
            assert status == (200 if role in roles else 403), (role, path)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_screen_speaks_both_languages(town: Town, language: str) -> None:
    code = town.ticket(state="review", queue="dispatcher", review_reasons=["Hai phường có thể đúng"])
    for role in (Role.DISPATCHER, Role.AUDITOR, Role.ADMIN, Role.PRIVACY_OFFICER):
        visitor = town.log_in(town.hire(f"ai-{role.value.replace('_', '-')}", role))
        for path, roles in SCREENS.items():
            if role in roles and not path.endswith(("csv", "json")):
                page = visitor.text(f"{path}?lang={language}")
                assert f'<html lang="{language}">' in page
        if role in (Role.DISPATCHER, Role.AUDITOR):
            assert visitor.get(f"/ho-so/{code}?lang={language}").status_code == 200
