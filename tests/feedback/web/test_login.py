"""Logging in, staying in, and staying out."""

from __future__ import annotations

import pytest

from feedback.domain.permissions import Role
from feedback.services import accounts
from feedback.services.demo_accounts import PASSWORD, demo_accounts
from feedback.store import audit
from feedback.store.tables import AuditEvent
from tests.feedback.web.desk_town import NGHIA_DO, SYSTEM, Town


def test_who_is_not_logged_in_is_sent_to_the_log_in_page_and_back(town: Town) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    visitor = town.visitor()
    first = visitor.get("/?tab=mine")
    assert first.status_code == 302
    assert "/dang-nhap?next=" in first.location
    visitor.get(first.location)
    done = visitor.post(first.location, {"email": lan, "password": "mat-khau-thu-nghiem"})
    assert done.status_code == 302
    assert done.location.endswith("/?tab=mine")


def test_no_other_site_can_be_the_way_back(town: Town) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    done = town.visitor().post(
        "/dang-nhap?next=https://evil.invalid/", {"email": lan, "password": "mat-khau-thu-nghiem"}
    )
    assert "evil.invalid" not in (done.location or "")


def test_a_wrong_password_and_a_wrong_name_read_the_same(town: Town) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    pages = []
    for email in (lan, "khong-ai@example.test"):
        page = town.visitor().post("/dang-nhap", {"email": email, "password": "sai-mat-khau-roi"})
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        pages.append(text[text.index('role="alert"') :][:200].split("</p>")[0])
    assert pages[0] == pages[1]
    assert "không đúng" in pages[0]


def test_log_ins_and_wrong_passwords_stand_in_the_trail(town: Town) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    town.log_in(lan, "sai-mat-khau-roi")
    town.log_in(lan)
    with town.app.store.reading() as session:
        assert audit.verify(session).broken is None
        events = session.query(AuditEvent).filter(AuditEvent.chain.startswith("account:"))
        rows = [event.action for event in events.order_by(AuditEvent.chain, AuditEvent.seq)]
    assert rows == ["user_created", "login_failed", "logged_in"]


def test_a_closed_account_is_out_at_once(town: Town) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    admin = town.hire("quan", Role.ADMIN)
    visitor, boss = town.log_in(lan), town.log_in(admin)
    assert visitor.get("/").status_code == 200
    listing = boss.text("/tai-khoan")
    number = next(n for n in range(1, 9) if f"/tai-khoan/{n}/khoa" in listing and "Lan" in listing)
    boss.post(f"/tai-khoan/{number}/khoa")
    assert visitor.get("/").status_code == 302
    assert town.log_in(lan).get("/").status_code == 302


def test_the_password_can_be_changed_and_its_form_says_what_is_wrong(town: Town) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    visitor = town.log_in(lan)
    visitor.get("/doi-mat-khau")
    form = {"password": "mat-khau-thu-nghiem", "new_password": "ngắn", "new_password_confirm": "ngắn"}
    assert "12" in visitor.post("/doi-mat-khau", form).get_data(as_text=True)
    new = "Mật khẩu tiếng Việt mới"
    done = visitor.post(
        "/doi-mat-khau",
        {"password": "mat-khau-thu-nghiem", "new_password": new, "new_password_confirm": new},
    )
    assert done.status_code == 302
    assert town.log_in(lan, new).get("/").status_code == 200
    assert town.log_in(lan).get("/").status_code == 302


def test_logging_out_needs_the_token_and_works(town: Town) -> None:
    visitor = town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))
    visitor.get("/")
    assert visitor.client.post("/dang-xuat").status_code == 400
    visitor.post("/dang-xuat")
    assert visitor.get("/").status_code == 302


def test_a_copied_cookie_is_worthless_after_logging_out(town: Town) -> None:
    visitor = town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))
    visitor.get("/")
    cookie = visitor.client.get_cookie("feedback_desk")
    assert cookie is not None
    visitor.post("/dang-xuat")
    thief = town.flask_app.test_client()
    thief.set_cookie("feedback_desk", cookie.value)
    assert thief.get("/").status_code == 302


@pytest.mark.parametrize("easy", ["lan@example.test", "aaaaaaaaaaaaaaaa", "LAN@example.TEST"])
def test_an_easy_password_is_refused(town: Town, easy: str) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    visitor = town.log_in(lan)
    visitor.get("/doi-mat-khau")
    form = {"password": "mat-khau-thu-nghiem", "new_password": easy, "new_password_confirm": easy}
    assert "quá dễ đoán" in visitor.post("/doi-mat-khau", form).get_data(as_text=True)
    assert town.log_in(lan).get("/").status_code == 200


def test_guessing_is_slowed_down(town: Town) -> None:
    visitor = town.visitor()
    answers = [
        visitor.post("/dang-nhap", {"email": "ai-do@example.test", "password": "x" * 14}) for _ in range(12)
    ]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert "Quá nhiều yêu cầu" in answers[-1].get_data(as_text=True)


def test_demo_accounts_can_be_made_twice_and_log_in(town: Town) -> None:
    logins = demo_accounts(town.app)
    assert demo_accounts(town.app) == logins
    assert "can-bo.nghia-do@demo.test" in {login.email for login in logins}
    assert {login.title for login in logins} == {role.value for role in Role}
    assert town.log_in("dieu-phoi@demo.test", PASSWORD).get("/").status_code == 200


def test_passwords_typed_in_vietnamese_match_those_set_by_an_admin(town: Town) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    admin = town.app.store
    with admin.transaction(SYSTEM) as tx:
        from feedback.store import people

        number = people.by_email(tx.session, lan).id
    boss = town.log_in(town.hire("quan", Role.ADMIN))
    boss.get("/tai-khoan")
    boss.post(f"/tai-khoan/{number}/mat-khau", {"password": "Phường Nghĩa Đô 2026"})
    assert town.log_in(lan, "Phường Nghĩa Đô 2026").get("/").status_code == 200
    assert accounts.chain(number) == f"account:{number}"
