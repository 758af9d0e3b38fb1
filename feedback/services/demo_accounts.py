"""One account per role, for trying the service out. Never created outside the demo."""

from __future__ import annotations

from dataclasses import dataclass

from feedback.domain.permissions import Actor, Role
from feedback.domain.search import fold
from feedback.services import accounts, passwords
from feedback.services.accounts import NewAccount
from feedback.services.app import App
from feedback.store import people

PASSWORD = "phan-anh-ha-noi"  # noqa: S105 — documented, and only in the demo
DOMAIN = "demo.test"
WARDS = ("00004", "00070", "00145", "00160", "00166", "00235", "00256", "00331", "00367", "00376", "09556")
"""Ba Đình, Hoàn Kiếm, Long Biên, Nghĩa Đô, Cầu Giấy, Đống Đa, Hai Bà Trưng, Hoàng Mai, Thanh Xuân, Sóc Sơn, Hà Đông."""
LED = "00160"
"""The ward whose lead and chair have accounts, too."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to log in to one demo account."""

    email: str
    name: str
    title: str
    password: str = PASSWORD


def demo_accounts(app: App) -> tuple[Login, ...]:
    """Create what is missing and return every log-in. Safe to repeat."""
    with app.store.transaction(Actor.system("demo")) as tx:
        wanted = _wanted(people.ward_names(tx.session, WARDS))
        missing = [new for new in wanted if people.by_email(tx.session, new.email) is None]
        password_hash = passwords.hashed(PASSWORD) if missing else ""
        for new in missing:
            accounts.insert(tx, new, password_hash)
        tx.commit()
    return tuple(Login(new.email, new.name, _title(new)) for new in wanted)


def _wanted(wards: dict[str, str]) -> list[NewAccount]:
    centre = [
        _account("dieu-phoi", "Trần Thị Điều Phối", Role.DISPATCHER),
        _account("kiem-tra", "Lê Văn Kiểm Tra", Role.AUDITOR),
        _account("to-cao", "Phạm Thị Tiếp Dân", Role.DENUNCIATION_OFFICER),
        _account("quan-tri", "Đỗ Văn Quản Trị", Role.ADMIN),
        _account("du-lieu", "Ngô Thị Bảo Vệ", Role.PRIVACY_OFFICER),
    ]
    officers = [
        _account(f"can-bo.{_slug(name)}", f"Cán bộ {name}", Role.WARD_OFFICER, code)
        for code, name in wards.items()
    ]
    leads = [
        _account(f"lanh-dao.{_slug(name)}", f"Lãnh đạo {name}", Role.WARD_LEAD, code)
        for code, name in wards.items()
        if code == LED
    ]
    chairs = [
        _account(f"chu-tich.{_slug(name)}", f"Chủ tịch {name}", Role.WARD_CHAIR, code)
        for code, name in wards.items()
        if code == LED
    ]
    return [*centre, *chairs, *leads, *officers]


def _account(local: str, name: str, role: Role, ward_code: str | None = None) -> NewAccount:
    return NewAccount(f"{local}@{DOMAIN}", name, frozenset({role}), PASSWORD, ward_code)


def _slug(name: str) -> str:
    return fold(name.removeprefix("Phường ").removeprefix("Xã ")).replace(" ", "-")


def _title(new: NewAccount) -> str:
    return next(iter(new.roles)).value
