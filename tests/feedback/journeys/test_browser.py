"""A citizen on a telephone and an officer at the desk, in a real Chromium, with every process running."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from feedback.domain.permissions import Actor, Role
from feedback.services import accounts, status
from feedback.services.accounts import NewAccount
from tests.feedback.browser.portal_site import screenshot
from tests.feedback.journeys.conftest import Service, wait_for

PASSWORD = "mat-khau-cua-lan"
OPERATOR = Actor(None, "command line", frozenset({Role.ADMIN}))
NGHIA_DO = "00160"

pytestmark = pytest.mark.browser


def shown(page: Page, name: str) -> None:
    page.screenshot(path=screenshot(f"journey-{name}"), full_page=True)


def test_from_the_citizens_telephone_to_the_desk_and_back(service: Service, browser: Browser) -> None:
    new = NewAccount("lan@example.test", "Lan", frozenset({Role.WARD_OFFICER}), PASSWORD, NGHIA_DO)
    accounts.create(service.app, OPERATOR, new)
    service.start_web()
    service.start_desk()
    service.start_worker()

    phone = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN").new_page()
    phone.goto(service.public)
    phone.get_by_label("Nội dung", exact=True).fill(
        "dong rac to truoc ngo 12 phuong nghia do ba hom nay khong ai thu gom, hoi lam"
    )
    phone.get_by_label("Số điện thoại").fill("0900 000 012")
    phone.get_by_role("button", name="Gửi phản ánh").click()
    code = phone.locator("#code").inner_text()
    assert re.fullmatch(r"HN-\d\d-\w{4}-\w{2}", code)
    shown(phone, "1-sent")
    wait_for("routed to the ward", lambda: status.current(service.app.store).routed == 1)

    desk = browser.new_context(locale="vi-VN").new_page()
    desk.goto(service.desk)
    desk.get_by_label("Email").fill("lan@example.test")
    desk.get_by_label("Mật khẩu").fill(PASSWORD)
    desk.get_by_role("button", name="Đăng nhập").click()
    desk.get_by_role("link", name=code).click()
    marked = " ".join(" ".join(desk.locator("mark").all_inner_texts()).split())
    assert "nghia do" in marked
    shown(desk, "2-ticket")
    desk.get_by_label("Nội dung trả lời").fill("Tổ môi trường đã thu gom lúc 8 giờ sáng nay.")
    desk.get_by_role("button", name="Gửi trả lời").click()
    assert desk.get_by_text("Đã ghi nhận câu trả lời").is_visible()

    phone.goto(f"{service.public}/tra-cuu")
    phone.get_by_label("Mã hồ sơ").fill(code.lower())
    phone.get_by_label("Số điện thoại hoặc email").fill("0900000012")
    phone.get_by_role("button", name="Xem hồ sơ").click()
    assert phone.get_by_text("Tổ môi trường đã thu gom lúc 8 giờ sáng nay.").is_visible()
    shown(phone, "3-answer")
