"""Addresses and forms nobody's browser makes: a clear refusal, never a fault of ours."""

from __future__ import annotations

import base64

import pytest
from itsdangerous import BadSignature

from feedback.domain.permissions import Role
from feedback.settings import Settings
from feedback.web import create_app
from tests.feedback.web.desk_town import NGHIA_DO, Town, Visitor

HUGE = "9" * 30


@pytest.fixture
def dung(town: Town) -> Visitor:
    """Dispatches and audits: every list is open."""
    return town.log_in(town.hire("dung", Role.DISPATCHER))


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "path",
    [
        "/ho-so/%00",
        f"/tep/{HUGE}",
        f"/?after={_cursor('|' + HUGE)}",
        "/?field=%00",
        "/?ward=%00&q=%00",
        "/duyet?code=%00",
    ],
)
def test_a_value_no_column_can_hold_is_the_askers_mistake(dung: Visitor, path: str) -> None:
    assert dung.get(path).status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_period_at_the_end_of_the_calendar_is_refused(dung: Visitor, day: str) -> None:
    assert dung.get(f"/so-lieu?from={day}&to={day}").status_code == 422


def test_an_invented_kind_in_the_review_form_is_refused(town: Town, dung: Visitor) -> None:
    code = town.ticket(state="review", queue="dispatcher")
    form = {"version": "1", "kind": "report", "was_kind": "nonsense", "level": "normal", "place": "centre"}
    assert dung.post(f"/duyet/{code}", form).status_code in (302, 422)


def test_an_answer_with_control_characters_is_cleaned(town: Town) -> None:
    lan = town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))
    code = town.ticket()
    answer = {"version": "1", "text": "Đã sửa\0 xong\x1b[31m \u202eabc"}
    assert lan.post(f"/ho-so/{code}/tra-loi", answer).status_code == 302
    assert "Đã sửa xong[31m abc" in lan.text(f"/ho-so/{code}")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_metrics_stay_inside_behind_a_proxy_nobody_announced(town: Town, header: str) -> None:
    answer = town.flask_app.test_client().get("/metrics", headers={header: "203.0.113.9"})
    assert answer.status_code == 404


def test_a_session_of_one_surface_is_nothing_to_the_other(settings: Settings, town: Town) -> None:
    public = create_app(settings, "public", town.app).session_interface
    desk = town.flask_app.session_interface
    signers = [
        interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        for interface, app in ((public, create_app(settings, "public", town.app)), (desk, town.flask_app))
    ]
    signed = signers[0].dumps({"_user_id": "1"})
    assert signers[0].loads(signed) == {"_user_id": "1"}
    with pytest.raises(BadSignature):
        signers[1].loads(signed)
