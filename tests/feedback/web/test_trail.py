"""The auditors' page says how the daily seals stand."""

from __future__ import annotations

from feedback.domain.permissions import Role
from feedback.settings import Settings
from tests.feedback.store.sealed import Past
from tests.feedback.web.desk_town import Town


def test_an_auditor_sees_the_last_seal_and_that_none_is_missing(town: Town, settings: Settings) -> None:
    past = Past(town.app, settings)
    past.live()
    *_, last = past.seal()
    page = town.log_in(town.hire("an", Role.AUDITOR)).text("/nhat-ky")
    assert f"{last.statement.day:%d/%m/%Y}, 0 dòng, mã gốc {last.statement.root[:16]}…" in page
    assert "Mọi ngày đã qua đều được niêm phong." in page


def test_an_auditor_is_warned_of_days_without_a_seal(town: Town, settings: Settings) -> None:
    past = Past(town.app, settings)
    past.live()
    page = town.log_in(town.hire("an", Role.AUDITOR)).text("/nhat-ky")
    assert "Chưa có ngày nào được niêm phong." in page
    assert f"Ngày đã qua chưa niêm phong: 4, sớm nhất {past.day(4):%d/%m/%Y}." in page
    assert "notice-warning" in page


def test_on_the_first_day_nothing_is_missing(town: Town) -> None:
    page = town.log_in(town.hire("an", Role.AUDITOR)).text("/nhat-ky")
    assert "Chưa có ngày nào được niêm phong." in page
    assert "notice-warning" not in page
