"""Accounts of the staff, kept by an administrator."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from feedback.domain.errors import InvalidInput
from feedback.domain.permissions import Action, Role
from feedback.services import accounts
from feedback.services.accounts import NewAccount
from feedback.services.passwords import MIN_LENGTH
from feedback.store.queries import accounts as stored
from feedback.store.queries import lists
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.language import gettext

blueprint = Blueprint("people", __name__, url_prefix="/tai-khoan")


@blueprint.get("")
@requires(Action.MANAGE_USERS)
def listing() -> Response:
    return _page(None, 200)


@blueprint.post("")
@requires(Action.MANAGE_USERS)
def create() -> Response | Redirect:
    form = request.form
    new = NewAccount(
        email=form.get("email", ""),
        name=form.get("name", ""),
        roles=_roles(),
        password=form.get("password", ""),
        ward_code=form.get("ward_code") or None,
    )
    return _change(gettext("Đã tạo tài khoản."), lambda: accounts.create(app(), me(), new))


@blueprint.post("/<int:account_id>/vai-tro")
@requires(Action.MANAGE_USERS)
def set_roles(account_id: int) -> Response | Redirect:
    ward_code = request.form.get("ward_code") or None
    return _change(
        gettext("Đã đổi vai trò."),
        lambda: accounts.set_roles(app(), me(), account_id, _roles(), ward_code),
    )


@blueprint.post("/<int:account_id>/khoa")
@requires(Action.MANAGE_USERS)
def deactivate(account_id: int) -> Response | Redirect:
    return _change(gettext("Đã khóa tài khoản."), lambda: accounts.set_active(app(), me(), account_id, False))


@blueprint.post("/<int:account_id>/mo")
@requires(Action.MANAGE_USERS)
def activate(account_id: int) -> Response | Redirect:
    return _change(
        gettext("Đã mở lại tài khoản."), lambda: accounts.set_active(app(), me(), account_id, True)
    )


@blueprint.post("/<int:account_id>/mat-khau")
@requires(Action.MANAGE_USERS)
def reset_password(account_id: int) -> Response | Redirect:
    password = request.form.get("password", "")
    return _change(
        gettext("Đã đặt lại mật khẩu."),
        lambda: accounts.reset_password(app(), me(), account_id, password),
    )


def _change(done: str, change: Callable[[], object]) -> Response | Redirect:
    try:
        change()
    except InvalidInput as error:
        return _page(error, 422)
    flash(done, "success")
    return redirect(url_for("people.listing"))


def _page(problem: InvalidInput | None, status: int) -> Response:
    with app().store.reading() as session:
        rows, wards = stored.everybody(session), lists.wards(session)
    page = render_template(
        "desk/people.html",
        rows=rows,
        wards=wards,
        roles=[role.value for role in Role],
        problem=problem,
        typed=request.form,
        least=MIN_LENGTH,
    )
    response = make_response(page)
    response.status_code = status
    return response


def _roles() -> frozenset[Role]:
    known = {role.value: role for role in Role}
    return frozenset(known[name] for name in request.form.getlist("roles") if name in known)
