"""A question and its answer in a real Chromium: the clock stands still, the citizen answers, and it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from feedback.domain.permissions import Role
from feedback.services import deadlines, intake
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import tickets
from feedback.store.tables import AuditEvent
from feedback.web import create_app
from tests.feedback.browser.portal_site import PHONE_SCREEN, screenshot, serving
from tests.feedback.matters import form_delivery, read, reading, ticket
from tests.feedback.people import THANH_LIET
from tests.feedback.watch import Watch, at, watched
from tests.feedback.web.desk_town import PASSWORD, Town

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

QUESTION = "Anh/chị cho biết số nhà gần chỗ đổ rác nhất, và rác có chắn lối đi không?"
RECEIVED, ASKED, ANSWERED = "2026-03-02T08:00", "2026-03-03T10:15:30", "2026-03-05T09:45:10"


@pytest.fixture
def watch() -> Watch:
    return Watch(at(RECEIVED))


@pytest.fixture
def service(app: App, watch: Watch) -> App:
    return watched(app, watch)


@pytest.fixture
def town(settings: Settings, service: App) -> Town:
    return Town(service, create_app(settings, "desk", service))


@pytest.fixture
def desk(town: Town) -> Iterator[str]:
    with serving(town.flask_app) as url:
        yield url


@pytest.fixture
def portal(settings: Settings, service: App) -> Iterator[str]:
    with serving(create_app(settings, "public", service)) as url:
        yield url


def log_in(browser: Browser, desk: str, email: str) -> Page:
    page = browser.new_context(locale="vi-VN", viewport=PHONE_SCREEN).new_page()
    page.goto(desk)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/dang-nhap" not in url)
    return page


def shot(page: Page, name: str) -> None:
    """Nothing may stick out sideways, on any screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.screenshot(path=screenshot(f"standstill-{name}"), full_page=True)
    assert wide <= 0, f"{name}: {wide} px too wide"


def events(service: App, code: str, *actions: str) -> list[AuditEvent]:
    with service.store.reading() as session:
        found = tickets.trail(session, ticket(service, code).id)
    return [event for event in found if event.action in actions]


def test_an_officer_asks_by_pausing_and_the_citizens_answer_lets_the_clock_go_on(
    browser: Browser, service: App, settings: Settings, watch: Watch, town: Town, desk: str, portal: str
) -> None:
    code = intake.receive(service, form_delivery(settings, "Rác ba ngày chưa ai dọn")).code or ""
    read(service, reading())
    due = ticket(service, code).answer_due_at
    assert due == at("2026-03-09T17:00")
    lan = log_in(browser, desk, town.hire("lan", Role.WARD_OFFICER, THANH_LIET))

    watch.set(ASKED)
    lan.get_by_role("link", name=code).click()
    lan.get_by_text("Tạm dừng thời hạn").click()
    lan.locator("#pause-reason").select_option("waiting_citizen")
    lan.locator("#pause-note").fill(QUESTION)
    shot(lan, "1-form")
    lan.get_by_role("button", name="Tạm dừng và báo người dân").click()
    assert lan.get_by_text("Đang tạm dừng").is_visible()
    shot(lan, "2-paused")
    lan.goto(desk)
    shot(lan, "3-inbox")

    phone = browser.new_context(locale="vi-VN", viewport=PHONE_SCREEN, java_script_enabled=False).new_page()
    phone.goto(f"{portal}/tra-cuu")
    phone.get_by_label("Mã hồ sơ").fill(code)
    phone.get_by_label("Số điện thoại hoặc email").fill("0900000001")
    phone.get_by_role("button", name="Xem hồ sơ").click()
    assert phone.get_by_role("heading", name="Tạm dừng, chờ thông tin của anh/chị").is_visible()
    phone.screenshot(path=screenshot("standstill-4-question"), full_page=True)
    watch.set(ANSWERED)
    phone.get_by_label("Câu trả lời của anh/chị").fill("Trước số 15, xe đẩy không qua được.")
    phone.get_by_role("button", name="Gửi câu trả lời").click()
    phone.screenshot(path=screenshot("standstill-5-answered"), full_page=True)
    assert phone.get_by_text("Trước số 15, xe đẩy không qua được.").is_visible()

    found = ticket(service, code)
    with service.store.reading() as session:
        clock = deadlines.basis_of(service, session, found).clock
    assert found.paused_until is None
    assert found.answer_due_at is not None
    assert clock.between(due, found.answer_due_at) == clock.between(at(ASKED), at(ANSWERED))
    assert found.answer_due_at == at("2026-03-11T16:29:40")  # 5 h 44 min 30 s, 8 h and 1 h 45 min 10 s later

    paused, resumed = events(service, code, "paused", "resumed")
    assert datetime.fromisoformat(paused.before["answer_due_at"]) == due
    assert (resumed.reason, resumed.after["paused_until"]) == ("citizen", None)
    assert datetime.fromisoformat(resumed.after["answer_due_at"]) == found.answer_due_at

    lan.goto(f"{desk}/ho-so/{code}")
    shot(lan, "6-going-on")


def test_more_time_is_asked_for_and_granted(
    browser: Browser, service: App, settings: Settings, watch: Watch, town: Town, desk: str
) -> None:
    code = intake.receive(service, form_delivery(settings, "Rác ba ngày chưa ai dọn")).code or ""
    read(service, reading())
    watch.set("2026-03-04T09:00")
    lan = log_in(browser, desk, town.hire("lan", Role.WARD_OFFICER, THANH_LIET))
    lan.get_by_role("link", name=code).click()
    lan.get_by_text("Đề nghị gia hạn").click()
    lan.locator("#ext-reason").select_option("several_agencies")
    lan.locator("#ext-number").fill("3")
    lan.locator("#ext-note").fill("Cần công ty thoát nước cùng khảo sát.")
    shot(lan, "7-ask")
    lan.get_by_role("button", name="Gửi đề nghị").click()
    shot(lan, "8-asked")

    lead = log_in(browser, desk, town.hire("tuyet", Role.WARD_LEAD, THANH_LIET))
    shot(lead, "9-inbox-of-the-lead")
    lead.get_by_role("link", name="Gia hạn", exact=True).click()
    shot(lead, "10-list")
    lead.get_by_role("button", name="Duyệt", exact=True).click()
    assert lead.get_by_text("Không có đề nghị nào chờ duyệt.").is_visible()
    assert ticket(service, code).answer_due_at == at("2026-03-12T17:00")
    lead.goto(f"{desk}/ho-so/{code}")
    shot(lead, "11-granted")
