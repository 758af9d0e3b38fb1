"""Staff accounts: created, changed and closed by an administrator; every step leaves a trace."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from feedback.domain.contacts import normalise_email
from feedback.domain.errors import InvalidInput, NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import WARD_ROLES, Action, Actor, Role, require
from feedback.services import passwords
from feedback.services.app import App
from feedback.store import Transaction, people
from feedback.store.tables import User

MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class NewAccount:
    """`ward_code` goes with the ward roles only. `password` is the first one, handed over in person."""

    email: str
    name: str
    roles: frozenset[Role]
    password: str
    ward_code: str | None = None


def chain(account_id: int) -> str:
    return f"account:{account_id}"


def create(app: App, actor: Actor, new: NewAccount) -> int:
    """The id of the new account. Raises NotAllowed, InvalidInput."""
    require(actor, Action.MANAGE_USERS)
    _kept_for_host(actor, new.roles)
    with app.store.transaction(actor) as tx:
        account_id = insert(tx, new, passwords.hashed(new.password, new.email))
        tx.commit()
    return account_id


def insert(tx: Transaction, new: NewAccount, password_hash: str) -> int:
    """Write the account with its audit row. Raises InvalidInput."""
    email = normalise_email(new.email)
    if email is None:
        raise InvalidInput("Địa chỉ email chưa đúng.", field="email")
    if not 0 < len(new.name.strip()) <= MAX_NAME:
        raise InvalidInput("Hãy nhập họ tên.", field="name")
    if people.by_email(tx.session, email) is not None:
        raise InvalidInput("Email này đã có tài khoản.", field="email")
    user = User(
        email=email,
        name=new.name.strip(),
        password=password_hash,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        created_at=tx.now,
        roles=[],
    )
    tx.session.add(user)
    _give(tx, user, new.roles, new.ward_code)
    tx.session.flush()
    tx.audit(chain(user.id), AuditAction.USER_CREATED, after=_snapshot(user))
    return user.id


def id_of(app: App, email: str) -> int:
    """The account with this address. Raises NotFound."""
    with app.store.reading() as session:
        user = people.by_email(session, normalise_email(email) or "")
    if user is None:
        raise NotFound
    return user.id


def set_roles(
    app: App, actor: Actor, account_id: int, roles: Collection[Role], ward_code: str | None
) -> None:
    """Replace the roles; the person is logged out everywhere. Raises NotAllowed, NotFound, InvalidInput."""
    require(actor, Action.MANAGE_USERS)
    if account_id == actor.user_id and Role.ADMIN not in roles:
        raise InvalidInput("Không thể tự bỏ quyền quản trị của chính mình.", field="roles")
    if account_id == actor.user_id and frozenset(roles) - actor.roles:
        # Whoever keeps the accounts reads no tickets; a second administrator has to agree to a change of that.
        raise InvalidInput("Không thể tự thêm vai trò cho chính mình.", field="roles")
    with app.store.transaction(actor) as tx:
        user = _found(tx, account_id)
        before = _snapshot(user)
        held = frozenset(Role(role.name) for role in user.roles)
        _kept_for_host(actor, held ^ frozenset(roles))
        _give(tx, user, roles, ward_code)
        user.fs_uniquifier = secrets.token_hex(32)
        tx.audit(chain(user.id), AuditAction.USER_CHANGED, before=before, after=_snapshot(user))
        tx.commit()


def set_active(app: App, actor: Actor, account_id: int, active: bool) -> None:
    """Close or reopen an account; closing ends its sessions. Raises NotAllowed, NotFound, InvalidInput."""
    require(actor, Action.MANAGE_USERS)
    if account_id == actor.user_id and not active:
        raise InvalidInput("Không thể tự khóa tài khoản của chính mình.")
    with app.store.transaction(actor) as tx:
        user = _found(tx, account_id)
        before = _snapshot(user)
        user.active, user.fs_uniquifier = active, secrets.token_hex(32)
        tx.audit(chain(user.id), AuditAction.USER_CHANGED, before=before, after=_snapshot(user))
        tx.commit()


def reset_password(app: App, actor: Actor, account_id: int, password: str) -> None:
    """Set a password for somebody who lost it; ends every session. Raises NotAllowed, NotFound, InvalidInput."""
    require(actor, Action.MANAGE_USERS)
    password_hash = passwords.hashed(password)
    with app.store.transaction(actor) as tx:
        user = _found(tx, account_id)
        _kept_for_host(actor, frozenset(Role(role.name) for role in user.roles))
        user.password, user.fs_uniquifier = password_hash, secrets.token_hex(32)
        tx.audit(chain(user.id), AuditAction.USER_CHANGED, reason="password reset")
        tx.commit()


def own_password(app: App, actor: Actor, account_id: int, password_hash: str, uniquifier: str) -> None:
    """Keep the password that its owner has just chosen. Raises NotFound."""
    with app.store.transaction(actor) as tx:
        user = _found(tx, account_id)
        user.password, user.fs_uniquifier = password_hash, uniquifier
        tx.audit(chain(user.id), AuditAction.USER_CHANGED, reason="own password")
        tx.commit()


def note_login(app: App, actor: Actor, account_id: int, *, succeeded: bool) -> None:
    """Write a log-in, or a wrong password, into the trail of the account."""
    action = AuditAction.LOGGED_IN if succeeded else AuditAction.LOGIN_FAILED
    with app.store.transaction(actor) as tx:
        tx.audit(chain(account_id), action)
        tx.commit()


def end_sessions(app: App, actor: Actor, account_id: int) -> None:
    """Log out everywhere: a copy of the session's cookie opens nothing any more. Raises NotFound."""
    with app.store.transaction(actor) as tx:
        _found(tx, account_id).fs_uniquifier = secrets.token_hex(32)
        tx.audit(chain(account_id), AuditAction.LOGGED_OUT)
        tx.commit()


def on_host(actor: Actor) -> bool:
    """Whether it is the command line on the host that acts, and no administrator's browser."""
    return actor.user_id is None


def _kept_for_host(actor: Actor, roles: Collection[Role]) -> None:
    """The way into the restricted store is not the administrators' to give. Raises InvalidInput."""
    if Role.DENUNCIATION_OFFICER in roles and not on_host(actor):
        raise InvalidInput(
            "Vai trò và mật khẩu của cán bộ xử lý tố cáo chỉ được đặt trên máy chủ, khi có hai người.",
            field="roles",
        )


def _found(tx: Transaction, account_id: int) -> User:
    user = people.locked(tx.session, account_id)
    if user is None:
        raise NotFound
    return user


def _give(tx: Transaction, user: User, roles: Collection[Role], ward_code: str | None) -> None:
    if not roles:
        raise InvalidInput("Hãy chọn ít nhất một vai trò.", field="roles")
    bound = bool(WARD_ROLES & frozenset(roles))
    if bound and (ward_code is None or not people.ward_exists(tx.session, ward_code)):
        raise InvalidInput("Vai trò tại phường/xã cần chọn phường/xã.", field="ward_code")
    user.ward_code = ward_code if bound else None
    user.roles = people.roles(tx.session, [role.value for role in roles])


def _snapshot(user: User) -> dict[str, object]:
    roles = sorted(role.name for role in user.roles)
    return {"roles": roles, "ward_code": user.ward_code, "active": user.active}
