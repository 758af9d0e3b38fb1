"""The citizens' journey in a real Chromium: on a telephone, without JavaScript, in English, with a keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from feedback.services import answer
from feedback.services.app import App
from feedback.settings import Settings
from feedback.web import create_app
from tests.feedback.browser.portal_site import PHONE_SCREEN, screenshot, serving
from tests.feedback.matters import read, reading, ticket
from tests.feedback.people import LAN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

TEXT = "Rác ùn ứ trước số 15 ngõ 12 phố Vọng ba ngày nay chưa ai thu gom, mùi rất nặng."
PHOTO = {"name": "rac.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"\0" * 2000}


@pytest.fixture
def site(settings: Settings, app: App) -> Iterator[str]:
    with serving(create_app(settings, "public", app)) as url:
        yield url


def fill(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("Nội dung", exact=True).fill(TEXT)
    page.get_by_label("Số điện thoại").fill("0900 000 012")
    page.get_by_label("Địa chỉ").fill("Ngõ 12 phố Vọng")


def no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("javascript", [True, False])
def test_the_whole_journey_on_a_telephone(browser: Browser, site: str, app: App, javascript: bool) -> None:
    with browser.new_context(
        viewport=PHONE_SCREEN, java_script_enabled=javascript, locale="vi-VN"
    ) as context:
        page = context.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        mark = "js" if javascript else "plain"
        fill(page, site)
        page.set_input_files("#files", files=[PHOTO])
        page.screenshot(path=screenshot(f"portal-start-{mark}"), full_page=True)
        page.get_by_role("button", name="Gửi phản ánh").click()
        code = page.locator("#code").inner_text()
        page.screenshot(path=screenshot(f"portal-thanks-{mark}"), full_page=True)
        assert code not in page.url

        read(app, reading())
        answer.submit(app, LAN, code, ticket(app, code).version, "Tổ môi trường đã thu gom sáng nay.")
        page.get_by_role("link", name="Tra cứu hồ sơ").click()
        page.get_by_label("Mã hồ sơ").fill(code.lower())
        page.get_by_label("Số điện thoại hoặc email").fill("+84900000012")
        page.screenshot(path=screenshot(f"portal-lookup-{mark}"), full_page=True)
        page.get_by_role("button", name="Xem hồ sơ").click()
        assert page.get_by_text("Tổ môi trường đã thu gom sáng nay.").is_visible()
        page.locator("input[name=stars][value='4']").check()
        page.get_by_role("button", name="Gửi đánh giá").click()
        assert page.get_by_text("Cảm ơn anh/chị đã đánh giá.").is_visible()
        page.screenshot(path=screenshot(f"portal-ticket-{mark}"), full_page=True)
        page.get_by_text("Chưa giải quyết xong?").click()
        page.get_by_label("Điều gì chưa ổn?").fill("Chiều nay lại đầy rồi.")
        page.get_by_role("button", name="Mở lại hồ sơ").click()
        page.screenshot(path=screenshot(f"portal-reopened-{mark}"), full_page=True)
        assert ticket(app, code).state == "open"
        assert ticket(app, code).rating == 4
        assert not problems


def test_errors_stand_beside_their_fields_and_keep_the_text(browser: Browser, site: str) -> None:
    with browser.new_context(viewport=PHONE_SCREEN) as context:
        page = context.new_page()
        fill(page, site)
        page.get_by_label("Số điện thoại").fill("12345")
        page.get_by_role("button", name="Gửi phản ánh").click()
        page.screenshot(path=screenshot("portal-errors"), full_page=True)
        assert page.get_by_label("Nội dung", exact=True).input_value() == TEXT
        field = page.get_by_label("Số điện thoại")
        assert field.get_attribute("aria-invalid") == "true"
        described = str(field.get_attribute("aria-describedby")).split()
        assert "Số điện thoại chưa đúng" in page.locator(f"#{described[0]}").inner_text()


@pytest.mark.parametrize("path", ["/", "/tra-cuu", "/khong-co"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_scrolls_sideways_and_every_target_is_large_enough(
    browser: Browser, site: str, path: str, language: str
) -> None:
    with browser.new_context(viewport=PHONE_SCREEN) as context:
        page = context.new_page()
        page.goto(f"{site}{path}?lang={language}")
        page.screenshot(path=screenshot(f"portal{path.replace('/', '-')}-{language}"), full_page=True)
        assert no_sideways_scrolling(page)
        assert page.locator("html").get_attribute("lang") == language
        boxes = [found.bounding_box() for found in page.locator("button:visible, main .btn:visible").all()]
        assert all(box and box["height"] >= 44 for box in boxes)


def test_the_position_of_the_telephone_is_sent_on_wish(browser: Browser, site: str, app: App) -> None:
    where = {"latitude": 21.0021, "longitude": 105.8413, "accuracy": 12}
    with browser.new_context(geolocation=where, permissions=["geolocation"]) as context:
        page = context.new_page()
        fill(page, site)
        page.get_by_role("button", name="Lấy vị trí của tôi").click()
        page.get_by_text("sai số khoảng 12 m").wait_for()
        page.get_by_role("button", name="Gửi phản ánh").click()
        found = ticket(app, page.locator("#code").inner_text())
        assert (found.lat, found.lon) == (21.0021, 105.8413)


def test_a_form_is_sent_by_keyboard_alone_and_the_trap_is_never_reached(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site)
        page.locator("#text").focus()
        page.keyboard.type("Đèn đường hỏng")
        reached: list[str] = []
        for _ in range(20):
            page.keyboard.press("Tab")
            name = str(page.evaluate("document.activeElement.name || document.activeElement.type || ''"))
            reached.append(name)
            if name == "phone":
                page.keyboard.type("0900000012")
            if name == "submit":
                break
        assert "website" not in reached
        assert reached[-1] == "submit"
        page.keyboard.press("Enter")
        assert re.fullmatch(r"HN-\d\d-\w{4}-\w\d?\w?", page.locator("#code").inner_text())


def test_too_large_files_are_named_before_they_are_sent(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        fill(page, site)
        big = {**PHOTO, "buffer": PHOTO["buffer"] + b"\0" * 11 * 2**20}
        page.set_input_files("#files", files=[big])
        page.get_by_role("button", name="Gửi phản ánh").click()
        assert page.url.rstrip("/") == site
        assert "10 MB" in str(page.locator("#files").evaluate("box => box.validationMessage"))


def test_a_restricted_ticket_gives_nothing_away_on_the_screen(browser: Browser, site: str, app: App) -> None:
    with browser.new_context(viewport=PHONE_SCREEN) as context:
        page = context.new_page()
        fill(page, site)
        page.get_by_label("Nội dung", exact=True).fill("Tôi tố cáo một cán bộ nhận tiền")
        page.get_by_role("button", name="Gửi phản ánh").click()
        read(app, reading(kind="denunciation", field="official_conduct"))
        page.get_by_role("link", name="Xem hồ sơ").click()
        page.screenshot(path=screenshot("portal-restricted"), full_page=True)
        shown = page.locator("main").inner_text()
        assert "Xin giữ kín mã này" in shown
        assert "tố cáo" not in shown
        assert "Trao đổi" not in shown


def test_picture_for_the_readme(browser: Browser, site: str) -> None:
    with browser.new_context(viewport={"width": 1000, "height": 900}) as context:
        page = context.new_page()
        fill(page, site)
        page.screenshot(path=screenshot("portal"))
        assert no_sideways_scrolling(page)
