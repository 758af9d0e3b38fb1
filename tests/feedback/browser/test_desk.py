"""The desk in a real Chromium: a working day of an officer, a dispatcher, an auditor and an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from feedback.domain.permissions import Role
from feedback.services.app import App
from feedback.settings import Settings
from feedback.web import create_app
from tests.feedback.browser.portal_site import PHONE_SCREEN, screenshot, serving
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, PASSWORD, Town

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

TEXTS = (
    "Hố ga mất nắp trước số 10 phố Tô Hiệu, phường Nghĩa Đô, tối không có đèn rất nguy hiểm cho xe máy.",
    "Cây xà cừ lớn trước cổng trường tiểu học bị mục gốc, sắp đổ, đề nghị kiểm tra gấp.",
    "Rác ùn ứ ba ngày nay ở đầu ngõ 68 chưa ai thu gom, mùi rất nặng.",
    "quan karaoke mo loa den 1h sang khong ngu duoc, mong phuong xu ly",
    "Đề nghị cho biết thủ tục cấp lại bản sao giấy khai sinh cần những giấy tờ gì?",
    "Vỉa hè bị chiếm làm chỗ để xe, người đi bộ phải xuống lòng đường.",
)
LONG = (
    TEXTS[0] + "\n\nTôi đã gọi tổ dân phố hai lần nhưng chưa ai đến. Số điện thoại của tôi là 0900 000 012."
)


@pytest.fixture
def town(settings: Settings, app: App) -> Town:
    return Town(app, create_app(settings, "desk", app))


@pytest.fixture
def site(town: Town) -> Iterator[str]:
    with serving(town.flask_app) as url:
        yield url


@pytest.fixture
def code(town: Town) -> str:
    """A ticket of Nghĩa Đô among others; returns its code."""
    fields = ("drainage", "trees", "waste", "noise", "admin_procedure", "street_order")
    channels = ("zalo", "web", "ihanoi", "email", "hotline", "web")
    for index, text in enumerate(TEXTS):
        age = timedelta(hours=5 * index + 1) if index != 3 else timedelta(days=40)
        level = "urgent" if index == 1 else "normal"
        town.ticket(text, field_id=fields[index], channel=channels[index], age=age, level=level)
    evidence = [
        ("phường Nghĩa Đô", "“phường Nghĩa Đô” là tên phường hiện nay"),
        ("phố Tô Hiệu", "phố Tô Hiệu nằm ở Nghĩa Đô và Cầu Giấy"),
        ("Hố ga mất nắp", "từ ngữ của lĩnh vực thoát nước"),
    ]
    return town.ticket(LONG, evidence=evidence, address="10 Tô Hiệu", lat=21.0445, lon=105.797)


def log_in(browser: Browser, site: str, email: str, **options: object) -> Page:
    context: BrowserContext = browser.new_context(locale="vi-VN", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(site)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/dang-nhap" not in url)  # a key pressed earlier falls on the old page
    return page


def shoot(page: Page, name: str, *, full: bool = True) -> None:
    """Nothing may stick out sideways, on any screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name}: {wide} px too wide"
    page.screenshot(path=screenshot(f"desk-{name}"), full_page=full)


def test_an_officer_answers_and_the_colleague_is_told(
    browser: Browser, town: Town, site: str, code: str
) -> None:
    lan, hung = (town.hire(name, Role.WARD_OFFICER, NGHIA_DO) for name in ("lan", "hung"))
    problems: list[str] = []
    page, other = log_in(browser, site, lan), log_in(browser, site, hung)
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    shoot(page, "inbox", full=False)
    page.get_by_label("Tìm theo mã hồ sơ hoặc nội dung").fill(code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ho-so/{code}")
    other.goto(f"{site}/ho-so/{code}")
    shoot(page, "ticket", full=False)
    shoot(page, "ticket-whole")
    page.get_by_text("Câu mẫu").click()
    page.get_by_role("button", name="Kết quả kiểm tra: …").click()
    answer = page.get_by_label("Nội dung trả lời")
    assert answer.input_value() == "Kết quả kiểm tra: …"
    answer.fill("Phường đã lắp nắp hố ga mới lúc 9 giờ sáng nay.")
    page.get_by_role("button", name="Gửi trả lời").click()
    assert page.get_by_text("Đã ghi nhận câu trả lời").is_visible()
    other.get_by_label("Nội dung trả lời").fill("Mai chúng tôi sẽ đến.")
    with other.expect_response("**/tra-loi") as late:
        other.get_by_role("button", name="Gửi trả lời").click()
    assert late.value.status == 409
    assert other.get_by_label("Nội dung trả lời").input_value() == "Mai chúng tôi sẽ đến."
    assert other.get_by_role("region", name="Đã có thay đổi").get_by_text("lắp nắp hố ga mới").is_visible()
    shoot(other, "conflict")
    assert problems == []


def test_the_desk_works_on_a_phone_without_scripts(
    browser: Browser, town: Town, site: str, code: str
) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    page = log_in(browser, site, lan, viewport=PHONE_SCREEN, java_script_enabled=False)
    assert page.get_by_text("Đang xử lý").first.is_visible()
    page.screenshot(path=screenshot("desk-phone-inbox"), full_page=True)
    page.goto(f"{site}/ho-so/{code}")
    page.screenshot(path=screenshot("desk-phone-ticket"), full_page=True)
    page.get_by_text("Đóng hồ sơ").first.click()
    page.locator("#close-reason").select_option("done")
    page.get_by_role("button", name="Đóng hồ sơ").click()
    assert page.get_by_text("Đã đóng hồ sơ.").is_visible()
    assert town.look(code).state == "closed"


@pytest.mark.parametrize("role", [Role.WARD_OFFICER, Role.DISPATCHER, Role.AUDITOR, Role.ADMIN])
def test_no_screen_is_wider_than_a_phone(
    browser: Browser, town: Town, site: str, code: str, role: Role
) -> None:
    town.ticket(state="review", queue="dispatcher", ward_code=None, review_reasons=["Chưa rõ phường"])
    town.failed_reply(code)
    ward = NGHIA_DO if role is Role.WARD_OFFICER else None
    page = log_in(browser, site, town.hire("ai", role, ward), viewport=PHONE_SCREEN)
    paths = {
        Role.WARD_OFFICER: ["/", f"/ho-so/{code}", "/doi-mat-khau", "/khong-co"],
        Role.DISPATCHER: ["/?tab=open&field=trees", "/duyet", "/so-lieu"],
        Role.AUDITOR: ["/so-lieu", f"/nhat-ky?code={code}"],
        Role.ADMIN: ["/tai-khoan", "/kenh", "/cach-ly"],
    }
    for number, path in enumerate(paths[role]):
        page.goto(f"{site}{path}")
        shoot(page, f"phone-{role.value}-{number}")


def test_the_dispatcher_decides_with_a_few_clicks(browser: Browser, town: Town, site: str) -> None:
    reasons = ["Hai phường có thể đúng: Nghĩa Đô, Cầu Giấy", "Độ tin cậy của lĩnh vực thấp"]
    evidence = [("phố Tô Hiệu", "phố Tô Hiệu nằm ở Nghĩa Đô và Cầu Giấy")]
    code = town.ticket(
        LONG, state="review", queue="dispatcher", ward_code=None, evidence=evidence, review_reasons=reasons
    )
    page = log_in(browser, site, town.hire("dung", Role.DISPATCHER))
    page.get_by_role("link", name="Duyệt", exact=True).click()
    shoot(page, "review")
    page.get_by_label("Phường Cầu Giấy").check()
    page.get_by_label("Mức độ").select_option("urgent")
    page.get_by_role("button", name="Chuyển").click()
    assert page.get_by_text(f"Đã chuyển {code}").is_visible()
    ticket = town.look(code)
    assert (ticket.ward_code, ticket.level, ticket.field_id) == ("00166", "urgent", "drainage")


def test_the_auditor_and_the_administrator_see_their_screens(
    browser: Browser, town: Town, site: str, code: str
) -> None:
    for index in range(14):
        ward = (NGHIA_DO, HAI_BA_TRUNG, "00166", "00235")[index % 4]
        age = timedelta(days=20 + index)
        done = town.ticket(
            TEXTS[index % 6], ward_code=ward, age=age, channel="zalo" if index % 3 else "email"
        )
        town.answer_after(done, timedelta(hours=6 + 9 * index), late=index % 5 == 4)
    page = log_in(browser, site, town.hire("an", Role.AUDITOR))
    page.goto(f"{site}/so-lieu?period=year")
    shoot(page, "figures")
    shoot(page, "audit", full=False)
    page.goto(f"{site}/nhat-ky?code={code}")
    shoot(page, "trail")
    town.failed_reply(code)
    admin = log_in(browser, site, town.hire("quan", Role.ADMIN))
    shoot(admin, "people")
    admin.goto(f"{site}/kenh")
    shoot(admin, "channels")
    admin.goto(f"{site}/cach-ly?lang=en")
    shoot(admin, "quarantine")


def test_a_keyboard_is_enough_and_focus_is_visible(
    browser: Browser, town: Town, site: str, code: str
) -> None:
    page = log_in(browser, site, town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    shoot(page, "focus", full=False)
    page.keyboard.press("Enter")
    page.goto(f"{site}/ho-so/{code}")
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2
