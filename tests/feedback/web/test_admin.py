"""Accounts, channels, quarantine and what did not go out."""

from __future__ import annotations

import pytest

from feedback.domain.permissions import Role
from feedback.store.queries import accounts
from feedback.store.tables import RawEvent
from tests.feedback.web.desk_town import NGHIA_DO, SYSTEM, Town, Visitor


@pytest.fixture
def quan(town: Town) -> Visitor:
    """The administrator."""
    return town.log_in(town.hire("quan", Role.ADMIN))


def account(town: Town, email: str) -> accounts.AccountRow:
    with town.app.store.reading() as session:
        found = accounts.by_email(session, email)
    assert found is not None
    return found


NEW = {
    "name": "Nguyễn Thị Mới",
    "email": "Moi@Example.test",
    "roles": "ward_officer",
    "ward_code": NGHIA_DO,
    "password": "mat-khau-dau-tien",
}


def test_an_account_is_created_given_roles_and_closed(town: Town, quan: Visitor) -> None:
    quan.get("/tai-khoan")
    assert quan.post("/tai-khoan", NEW).status_code == 302
    made = account(town, "moi@example.test")
    assert (made.roles, made.ward_code) == (("ward_officer",), NGHIA_DO)
    officer = town.log_in("moi@example.test", "mat-khau-dau-tien")
    assert officer.get("/").status_code == 200
    quan.post(f"/tai-khoan/{made.id}/vai-tro", {"roles": ["auditor"], "ward_code": NGHIA_DO})
    changed = account(town, "moi@example.test")
    assert (changed.roles, changed.ward_code) == (("auditor",), None)
    assert officer.get("/").status_code == 302
    quan.post(f"/tai-khoan/{made.id}/khoa")
    assert not account(town, "moi@example.test").active
    quan.post(f"/tai-khoan/{made.id}/mo")
    assert account(town, "moi@example.test").active


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "không phải email"}, "Địa chỉ email chưa đúng"),
        ({"email": "quan@example.test"}, "Email này đã có tài khoản"),
        ({"name": "  "}, "Hãy nhập họ tên"),
        ({"roles": ""}, "Hãy chọn ít nhất một vai trò"),
        ({"roles": "emperor"}, "Hãy chọn ít nhất một vai trò"),
        ({"ward_code": ""}, "Vai trò tại phường/xã cần chọn phường/xã"),
        ({"ward_code": "99999"}, "Vai trò tại phường/xã cần chọn phường/xã"),
        ({"password": "ngan"}, "Mật khẩu cần từ 12"),
    ],
)
def test_a_faulty_account_is_refused_and_the_words_are_kept(
    town: Town, quan: Visitor, change: dict[str, str], words: str
) -> None:
    quan.get("/tai-khoan")
    page = quan.post("/tai-khoan", {**NEW, **change})
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    assert words in text
    assert "mat-khau-dau-tien" not in text
    with town.app.store.reading() as session:
        assert len(accounts.everybody(session)) == 1


def test_administrators_cannot_shut_themselves_out(town: Town, quan: Visitor) -> None:
    own = account(town, "quan@example.test").id
    quan.get("/tai-khoan")
    assert quan.post(f"/tai-khoan/{own}/khoa").status_code == 422
    assert quan.post(f"/tai-khoan/{own}/vai-tro", {"roles": ["auditor"]}).status_code == 422
    assert quan.post("/tai-khoan/999/khoa").status_code == 404


@pytest.mark.parametrize("role", ["denunciation_officer", "dispatcher", "auditor"])
def test_administrators_cannot_give_themselves_eyes(town: Town, quan: Visitor, role: str) -> None:
    own = account(town, "quan@example.test").id
    quan.get("/tai-khoan")
    assert quan.post(f"/tai-khoan/{own}/vai-tro", {"roles": ["admin", role]}).status_code == 422
    assert account(town, "quan@example.test").roles == ("admin",)


def test_quarantine_shows_reason_and_size_and_never_the_content(town: Town, quan: Visitor) -> None:
    with town.app.store.transaction(SYSTEM) as tx:
        tx.session.add(
            RawEvent(
                channel="web",
                account="portal",
                external_id="q-1",
                body=b'{"phone": "0900 000 012"',
                headers={},
                received_at=tx.now,
                last_delivery_at=tx.now,
                outcome="quarantined",
                reason="truncated JSON",
            )
        )
        tx.commit()
    page = quan.text("/cach-ly")
    assert "truncated JSON" in page
    assert "0900" not in page
    assert quan.post("/cach-ly/1", follow_redirects=True).status_code == 200
    assert quan.post("/cach-ly/999").status_code == 404
    assert "truncated JSON" in quan.text("/cach-ly")


def test_channels_tell_what_is_configured_and_what_is_stuck(town: Town, quan: Visitor) -> None:
    code = town.ticket()
    message = town.failed_reply(code)
    hidden = town.ticket(restricted=True, queue="denunciation", kind="denunciation", state="review")
    town.failed_reply(hidden)
    page = quan.text("/kenh")
    assert code in page
    assert hidden not in page
    assert "provider refused" in page
    assert "Chưa cấu hình" in page
    assert quan.post(f"/kenh/gui-lai/{code}/{message}").status_code == 302
    assert code not in quan.text("/kenh")
