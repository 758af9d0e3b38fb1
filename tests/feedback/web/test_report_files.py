"""Reports as files: audited, without personal data, safe in a spreadsheet, with documented keys."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from feedback.domain.errors import NotAllowed
from feedback.domain.permissions import Role
from feedback.services import export
from feedback.store.queries.figures import By
from feedback.store.tables import AuditEvent, User
from tests.feedback.web.desk_town import NGHIA_DO, Town
from tests.feedback.web.test_reports import AN, DUNG, OLD, busy_town, period


def test_the_overdue_file_is_audited_and_holds_no_personal_data(town: Town) -> None:
    code = town.ticket(age=OLD)
    content = export.overdue_csv(town.app, AN).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0] == list(export.OVERDUE_HEADER)
    assert rows[1][:2] == [code, "Phường Nghĩa Đô"]
    for personal in ("Bà Thử Nghiệm", "84900000012", "nguoi-1@", "Tô Hiệu"):
        assert personal not in content
    with town.app.store.reading() as session:
        event = session.query(AuditEvent).filter_by(action="figures_exported").one()
        assert event.after == {"what": "overdue"}


def test_an_officer_named_like_a_formula_is_no_formula_in_the_file(town: Town) -> None:
    town.hire("=cmd", Role.WARD_OFFICER, NGHIA_DO)
    with town.app.store.reading() as session:
        someone = session.query(User).one().id
    town.ticket(age=OLD, assigned_to=someone)
    assert ",'=Cmd," in export.overdue_csv(town.app, AN).decode("utf-8-sig")


def test_the_json_has_its_documented_keys_and_unrounded_shares(town: Town) -> None:
    busy_town(town)
    found = json.loads(export.figures_json(town.app, AN, period(town)))
    documented = Path(__file__).parents[3].joinpath("docs/FIGURES.md").read_text(encoding="utf-8")
    keys = {
        key
        for line in documented.split("## The JSON")[1].splitlines()
        for key in re.findall(r"`(\w+)`", line.split("|")[1] if line.startswith("|") else "")
    }
    assert set(found) == keys
    assert found["total"]["share"] == found["total"]["on_time"] / found["total"]["judged"]
    assert set(found["groups"]) == {by.value for by in By}
    assert found["series"]["step"] == "month"
    assert sum(point["received"] for point in found["series"]["points"]) == found["total"]["received"]
    assert [one["id"] for one in found["league"]["too_few"]] == [NGHIA_DO]


@pytest.mark.parametrize("make", [export.figures_csv, export.figures_json])
def test_a_dispatcher_exports_nothing(town: Town, make: Any) -> None:
    with pytest.raises(NotAllowed):
        make(town.app, DUNG, period(town))
    with pytest.raises(NotAllowed):
        export.overdue_csv(town.app, DUNG)
