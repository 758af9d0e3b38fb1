"""The bell and the page of reminders: one's own, of tickets one may read, seen when one says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.domain.permissions import WARD_ROLES, Role
from feedback.services import escalate
from feedback.store.tables import Ticket
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, SYSTEM, Town, Visitor

LONG_AGO = timedelta(days=60)


@pytest.fixture
def officer(town: Town) -> Visitor:
    return town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))


def overdue(town: Town) -> str:
    code = town.ticket(age=LONG_AGO)
    escalate.run(town.app)
    return code


def test_the_bell_counts_what_is_new_and_the_page_tells_it(town: Town, officer: Visitor) -> None:
    assert 'class="bell-count"' not in officer.text("/")
    code = overdue(town)
    assert '<span class="bell-count">1</span>' in officer.text("/")
    page = officer.text("/nhac-viec")
    assert f"/ho-so/{code}" in page
    assert "Quá thời hạn trả lời: 150 %" in page
    assert "Mới" in page


def test_seen_is_what_stood_on_the_page_and_no_more(town: Town, officer: Visitor) -> None:
    overdue(town)
    page = officer.text("/nhac-viec")
    later = overdue(town)
    up_to = page.partition('name="up_to" value="')[2].partition('"')[0]
    assert officer.post("/nhac-viec", {"up_to": up_to}).status_code == 302
    assert '<span class="bell-count">1</span>' in officer.text("/")
    page = officer.text("/nhac-viec")
    assert page.count('tone-info">Mới') == 1
    assert later in page


def test_nobody_sees_or_marks_the_reminders_of_others(town: Town, officer: Visitor) -> None:
    code = overdue(town)
    stranger = town.log_in(town.hire("mai", Role.WARD_OFFICER, HAI_BA_TRUNG))
    assert code not in stranger.text("/nhac-viec")
    stranger.post("/nhac-viec", {"up_to": "999999"})
    assert '<span class="bell-count">1</span>' in officer.text("/")


def test_a_ticket_that_became_restricted_leaves_the_page_of_the_ward(town: Town, officer: Visitor) -> None:
    code = overdue(town)
    with town.app.store.transaction(SYSTEM) as tx:
        ticket = tx.session.query(Ticket).filter_by(code=code).one()
        ticket.kind, ticket.restricted, ticket.queue = "denunciation", True, "denunciation"
        tx.audit(f"ticket:{ticket.id}", "reclassified")
        tx.commit()
    assert code not in officer.text("/nhac-viec")
    assert 'class="bell-count"' not in officer.text("/")


@pytest.mark.parametrize("typed", ["", "-1", "x", "²", "9" * 30, "0" * 25 + "9" * 30, "0" * 5000])
def test_a_strange_mark_is_refused(town: Town, officer: Visitor, typed: str) -> None:
    assert officer.post("/nhac-viec", {"up_to": typed}).status_code == 400


def test_the_auditor_reads_in_the_trail_who_was_told(town: Town, officer: Visitor) -> None:
    code = overdue(town)
    auditor = town.log_in(town.hire("an", Role.AUDITOR))
    page = auditor.text(f"/nhat-ky?code={code}")
    assert "Nhắc thời hạn" in page
    assert "Thời hạn: trả lời · Mốc: 150 % · Đã nhắc: Lan" in page


@pytest.mark.parametrize("role", list(Role))
def test_the_bell_hangs_only_where_its_page_opens(town: Town, role: Role) -> None:
    visitor = town.log_in(town.hire("ai", role, NGHIA_DO if role in WARD_ROLES else None))
    home = visitor.client.get("/", follow_redirects=True).get_data(as_text=True)
    assert ('class="bell"' in home) == (visitor.get("/nhac-viec").status_code == 200)
