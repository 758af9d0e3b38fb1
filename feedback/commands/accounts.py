"""`feedback accounts …`"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Sequence

from feedback import bootstrap
from feedback.domain.errors import DomainError
from feedback.domain.permissions import Actor, Role
from feedback.services import accounts, demo_accounts
from feedback.settings import Settings

OPERATOR = Actor(None, "command line", frozenset({Role.ADMIN}))


def demo(settings: Settings) -> int:
    """Create the demo accounts where they are missing, and say how to log in."""
    logins = demo_accounts.demo_accounts(bootstrap.build(settings, pool_size=1))
    width = max(len(login.email) for login in logins)
    print(f"password of every demo account: {demo_accounts.PASSWORD}")
    for login in logins:
        print(f"  {login.email:<{width}}  {login.title:<21} {login.name}")
    return 0


def create(settings: Settings, email: str, name: str, roles: Sequence[str], ward: str | None) -> int:
    """Create one account. The password is asked for, or read from standard input where that is no terminal."""
    if not _known(roles):
        return 2
    new = accounts.NewAccount(email, name, frozenset(map(Role, roles)), _password(), ward)
    app = bootstrap.build(settings, pool_size=1)
    return _done(lambda: accounts.create(app, OPERATOR, new), f"created {email}")


def set_roles(settings: Settings, email: str, roles: Sequence[str], ward: str | None) -> int:
    """Replace the roles of an account. Here, and only here, denunciation officers are named."""
    if not _known(roles):
        return 2
    app = bootstrap.build(settings, pool_size=1)
    return _done(
        lambda: accounts.set_roles(
            app, OPERATOR, accounts.id_of(app, email), frozenset(map(Role, roles)), ward
        ),
        f"roles of {email}: {', '.join(roles)}",
    )


def set_password(settings: Settings, email: str) -> int:
    """Set a new password, asked for or read from standard input; ends every session of the account."""
    app = bootstrap.build(settings, pool_size=1)
    return _done(
        lambda: accounts.reset_password(app, OPERATOR, accounts.id_of(app, email), _password()),
        f"password of {email} set",
    )


def _known(roles: Sequence[str]) -> bool:
    unknown = [role for role in roles if role not in set(Role)]
    if unknown:
        print(f"no such role: {', '.join(unknown)} (one of {', '.join(Role)})", file=sys.stderr)
    return not unknown


def _done(change: Callable[[], object], said: str) -> int:
    try:
        change()
    except DomainError as refusal:
        print(refusal.message_vi, file=sys.stderr)
        return 1
    print(said)
    return 0


def _password() -> str:
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
