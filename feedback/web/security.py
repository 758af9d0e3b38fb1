"""Log-in by Flask-Security over our own accounts: no session of the database library, no table of the web library."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import Flask, request
from flask_login import AnonymousUserMixin, user_logged_out
from flask_security import (
    LoginForm,
    PasswordUtil,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    user_authenticated,
)
from wtforms import BooleanField

from feedback.domain.errors import InvalidInput
from feedback.domain.permissions import Actor
from feedback.domain.permissions import Role as RoleName
from feedback.services import accounts, passwords
from feedback.store.queries import accounts as stored
from feedback.store.queries.accounts import AccountRow
from feedback.web import limits
from feedback.web.current import app, settings
from feedback.web.language import TRANSLATIONS, gettext

LOGIN_RATE = "10 per minute; 60 per hour"
ACCOUNT_RATE = "20 per hour"


class Role(RoleMixin):
    def __init__(self, name: str) -> None:
        self.name = name


class Account(UserMixin):
    """A member of staff as the log-in library sees one."""

    fs_uniquifier = ""

    def __init__(self, row: AccountRow) -> None:
        self.id = row.id
        self.email = row.email
        self.name = row.name
        self.password: str | None = row.password
        self.active = row.active
        self.fs_uniquifier = row.uniquifier
        self.ward_code = row.ward_code
        self.ward = row.ward
        self.roles = [Role(name) for name in row.roles]

    def actor(self) -> Actor:
        """The same person as the rules see them."""
        roles = frozenset(RoleName(role.name) for role in self.roles)
        return Actor(self.id, self.name, roles, self.ward_code)


class Accounts(UserDatastore):
    """The library's view of our accounts: it finds them, and may change a password."""

    def __init__(self) -> None:
        super().__init__(Account, Role)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Account | None:
        with app().store.reading() as session:
            if "email" in by:
                row = stored.by_email(session, by["email"])
            else:
                row = stored.by_uniquifier(session, by["fs_uniquifier"])
        return Account(row) if row else None

    def find_role(self, role: str) -> Role | None:
        return Role(role)

    def put(self, model: Account) -> Account:
        if model.password:
            accounts.own_password(app(), model.actor(), model.id, model.password, model.fs_uniquifier)
        return model

    def commit(self) -> None:
        """Every change is its own transaction."""


class PlainLoginForm(LoginForm):
    """Name and password. There is no staying logged in: desks are shared."""

    remember = BooleanField()

    def validate(self, **kwargs: Any) -> bool:
        valid: bool = super().validate(**kwargs)
        if not valid and self.user is not None and not self.user_authenticated and self.password.data:
            accounts.note_login(app(), Actor.system("log-in"), self.user.id, succeeded=False)
        self.remember.data = False
        return valid


class Passwords(PasswordUtil):
    """The library's normal form, our rules."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        faults, normal = super().validate(password, is_register, **kwargs)
        user = kwargs.get("user")
        try:
            passwords.checked(normal, *([user.email] if user else []))
        except InvalidInput as fault:
            faults = faults or [gettext(fault.message_vi)]
        return faults, normal


def install(flask_app: Flask) -> None:
    flask_app.config.update(_configuration())
    Security(flask_app, Accounts(), login_form=PlainLoginForm, password_util_cls=Passwords)
    flask_app.login_manager.session_protection = "strong"  # type: ignore[attr-defined]
    flask_app.login_manager.anonymous_user = AnonymousUserMixin  # type: ignore[attr-defined]
    limiter = limits.of(flask_app)
    throttled: Any = flask_app.view_functions["security.login"]
    throttled = limiter.limit(LOGIN_RATE, methods=["POST"])(throttled)
    throttled = limiter.limit(ACCOUNT_RATE, key_func=_typed_name, methods=["POST"])(throttled)
    flask_app.view_functions["security.login"] = throttled
    user_authenticated.connect(_note_login, flask_app)
    user_logged_out.connect(_end_sessions, flask_app)


def _note_login(_sender: Flask, user: Account, **_: Any) -> None:
    accounts.note_login(app(), user.actor(), user.id, succeeded=True)


def _end_sessions(_sender: Flask, user: Account, **_: Any) -> None:
    """Sessions live in cookies: only a new mark of the account makes a copied one worthless."""
    if user.is_authenticated:
        accounts.end_sessions(app(), user.actor(), user.id)


def _typed_name() -> str:
    """Counts attempts on one account from everywhere; the name itself stays out of the counter."""
    typed = request.form.get("email", "").strip().lower()
    return sha256(f"{settings().secret_key}{typed}".encode()).hexdigest()[:24]


def _configuration() -> dict[str, object]:
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": passwords.MEMORY_KIB,
            "argon2__rounds": passwords.ROUNDS,
            "argon2__parallelism": passwords.LANES,
        },
        "SECURITY_PASSWORD_LENGTH_MIN": passwords.MIN_LENGTH,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_LOGIN_URL": "/dang-nhap",
        "SECURITY_LOGOUT_URL": "/dang-xuat",
        "SECURITY_CHANGE_URL": "/doi-mat-khau",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/dang-nhap",
        "SECURITY_POST_CHANGE_VIEW": "/",
        "SECURITY_I18N_DIRNAME": ["builtin", str(TRANSLATIONS)],
    }
