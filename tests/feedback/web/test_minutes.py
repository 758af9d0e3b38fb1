"""The page of a ticket's minutes: sums, holders, deadlines; for whom it is, and for whom it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from feedback import bootstrap
from feedback.domain.kinds import Queue
from feedback.domain.permissions import Actor, Role
from feedback.services import answer, assign, citizen, extending, pausing, placing, recompute
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import tickets
from feedback.web import create_app
from tests.feedback.matters import ticket
from tests.feedback.moving import Town, at
from tests.feedback.people import DUNG, LAN, MAI, NGHIA_DO, THANH_LIET, staff
from tests.feedback.store.sealed import tamper
from tests.feedback.web import desk_town
from tests.servers import DatabaseUrls


@dataclass
class Desk:
    """A story over Tết, and the screens it is looked at on. `code`: paused, extended, moved, answered, reopened."""

    town: Town
    screens: desk_town.Town
    code: str

    def page(
        self, name: str, role: Role, ward: str | None = None, code: str | None = None
    ) -> tuple[int, str]:
        visitor = self.screens.log_in(self.screens.hire(name, role, ward))
        answered = visitor.get(f"/ho-so/{code or self.code}/thoi-gian")
        return answered.status_code, answered.get_data(as_text=True)


def story(town: Town) -> str:
    """Seconds by hand: dispatcher 30 min + 1 h; Thanh Liệt 1 h + 1 h 30 min 12 s; Nghĩa Đô the rest, two days paused."""
    lan, dung, mai = town.hire(LAN), town.hire(DUNG), town.hire(MAI)
    lead = town.hire(staff("Sơn", Role.WARD_LEAD, ward=NGHIA_DO))
    code = town.receive()
    town.read(needs_review=True)
    town.to("2026-02-13T09:00:00.250000")
    placing.route(town.app, dung, code, town.version(code), Place(Queue.WARD, THANH_LIET))
    town.to("2026-02-13T10:00")
    assign.take(town.app, lan, code, town.version(code))
    town.to("2026-02-13T11:30:12.900000")
    placing.transfer(town.app, lan, code, town.version(code), Place(Queue.WARD, NGHIA_DO), "wrong_ward")
    town.to("2026-02-23T08:00")
    assign.take(town.app, mai, code, town.version(code))
    pausing.pause(town.app, mai, code, town.version(code), "waiting_citizen", "Xin cho biết số nhà")
    town.to("2026-02-25T08:00")
    pausing.resume(town.app, mai, code, town.version(code))
    extending.ask(town.app, mai, code, town.version(code), "complex_matter", "2wd", "Cần xác minh")
    town.to("2026-02-25T08:30")
    extending.decide(town.app, lead, code, town.version(code), approve=True)
    town.to("2026-02-26T14:00")
    answer.submit(town.app, mai, code, town.version(code), "Đã dọn.")
    town.to("2026-02-27T20:00")
    citizen.reopen(town.app, code, "Vẫn còn rác")
    town.to("2026-03-03T09:30")
    return code


COUNTED = 1800 + 3600 + 3600 + 5412 + 1788 + 14400 + 28800 + 14400 + 3600
"""16:30–17:00; 08–09, 09–10, 10–11:30:12, 11:30:12–12:00, the afternoon of the 13th; the 25th; the 26th until 14:00."""


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    app = bootstrap.build(settings, pool_size=4)
    town = Town(app, settings, at("2026-02-12T16:30"))
    code = story(town)
    yield Desk(town, desk_town.Town(town.app, create_app(settings, "desk", town.app)), code)
    app.store.engine.dispose()


def test_the_sum_of_the_intervals_is_the_reported_figure(desk: Desk) -> None:
    assert ticket(desk.town.app, desk.code).answer_worked_seconds == COUNTED
    status, page = desk.page("an", Role.AUDITOR)
    assert status == 200
    assert f"({COUNTED} giây)" in page
    assert "khớp đến từng giây" in page
    assert "UBND Phường Thanh Liệt giữ 2 giờ 30 phút 12 giây làm việc" in page
    assert "Điều phối giữ 1 giờ 30 phút làm việc" in page
    assert "tạm dừng 16 giờ" in page
    assert "Tết Nguyên đán" in page
    assert "Mở lại lần 1" in page


def test_each_deadline_tells_its_rule_and_every_step(desk: Desk) -> None:
    _, page = desk.page("an", Role.AUDITOR)
    assert "Quyết định 1207/QĐ-UBND" in page
    assert "giả định" in page
    assert "5 ngày làm việc từ 16:30:00 12/02/2026: 13/02, 23/02, 24/02, 25/02, 26/02." in page
    assert "hạn lùi 16 giờ, thành 17:00:00 02/03/2026" in page
    assert (
        "Gia hạn 2 ngày làm việc từ 17:00:00 02/03/2026: 03/03, 04/03. Hết lúc 17:00:00 04/03/2026." in page
    )


def test_looking_is_a_reading_and_stands_in_the_trail(desk: Desk) -> None:
    desk.page("an", Role.AUDITOR)
    with desk.town.app.store.reading() as session:
        last = tickets.trail(session, ticket(desk.town.app, desk.code).id)[-1]
    assert (last.action, last.actor, last.after) == ("ticket_read", "An", {"page": "time"})


def test_the_own_ward_sees_it_another_does_not(desk: Desk) -> None:
    assert desk.page("nga", Role.WARD_OFFICER, NGHIA_DO)[0] == 200
    assert desk.page("tam", Role.WARD_OFFICER, THANH_LIET)[0] == 404


def test_a_denunciation_is_hidden_from_the_auditor(desk: Desk) -> None:
    code = desk.town.receive("Ông A nhận tiền")
    desk.town.read(kind="denunciation")
    assert desk.page("an", Role.AUDITOR, code=code)[0] == 404
    assert desk.page("thu", Role.DENUNCIATION_OFFICER, code=code)[0] == 200


def test_a_tampered_figure_is_said_on_the_page(desk: Desk, database_urls: DatabaseUrls) -> None:
    tamper(database_urls, "UPDATE ticket SET answer_worked_seconds = 60, answered_on_time = false")
    _, page = desk.page("an", Role.AUDITOR)
    assert "≠ số liệu báo cáo 60 giây" in page
    assert f"answer_worked_seconds đang lưu 60, tính lại {COUNTED}" in page
    assert "answered_on_time" in page


def test_a_trail_that_is_gone_is_a_plain_refusal(desk: Desk, database_urls: DatabaseUrls) -> None:
    tamper(database_urls, "DELETE FROM audit_event WHERE chain = 'ticket:1' AND seq = 1")
    status, page = desk.page("an", Role.AUDITOR)
    assert status == 409
    assert "nhật ký thiếu" in page


def test_unread_and_years_old_tickets_have_a_page_too(desk: Desk) -> None:
    code = desk.town.receive("Chưa ai đọc")
    assert desk.page("dung2", Role.DISPATCHER, code=code)[0] == 200
    desk.town.read(urgent=True)
    desk.town.to("2027-12-01T00:00")
    status, page = desk.page("lan2", Role.WARD_OFFICER, THANH_LIET, code=code)
    assert status == 200
    assert page.count("<rect") < 1000


def test_the_page_speaks_english(desk: Desk) -> None:
    visitor = desk.screens.log_in(desk.screens.hire("an", Role.AUDITOR))
    assert visitor.get(f"/ho-so/{desk.code}/thoi-gian?lang=en").status_code == 200


def test_the_auditors_figures_tell_the_last_comparison_and_its_alarm(
    desk: Desk, database_urls: DatabaseUrls
) -> None:
    auditor = desk.screens.log_in(desk.screens.hire("an", Role.AUDITOR))
    lead = desk.screens.log_in(desk.screens.hire("son2", Role.WARD_LEAD, NGHIA_DO))
    assert "Kiểm tra lần cuối" not in auditor.get("/so-lieu").get_data(as_text=True)
    recompute.run(desk.town.app, Actor.system("command line"), recompute.scope_of(*recompute.EVER))
    assert "khớp 1 hồ sơ, không khớp 0" in auditor.get("/so-lieu").get_data(as_text=True)
    tamper(database_urls, "UPDATE ticket SET accepted_at = received_at")
    recompute.run(desk.town.app, Actor.system("command line"), recompute.scope_of(*recompute.EVER))
    assert "Số liệu không khớp nhật ký: 1 hồ sơ" in auditor.get("/so-lieu").get_data(as_text=True)
    assert "không khớp" not in lead.get("/so-lieu").get_data(as_text=True)


def test_the_ticket_leads_to_its_minutes(desk: Desk) -> None:
    auditor = desk.screens.log_in(desk.screens.hire("an", Role.AUDITOR))
    for page in (f"/ho-so/{desk.code}", f"/nhat-ky?code={desk.code}"):
        assert f"/ho-so/{desk.code}/thoi-gian" in auditor.get(page).get_data(as_text=True)
