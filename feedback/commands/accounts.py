"""`feedback accounts …`"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence

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
    unknown = [role for role in roles if role not in set(Role)]
    if unknown:
        print(f"no such role: {', '.join(unknown)} (one of {', '.join(Role)})", file=sys.stderr)
        return 2
    new = accounts.NewAccount(email, name, frozenset(map(Role, roles)), _password(), ward)
    try:
        accounts.create(bootstrap.build(settings, pool_size=1), OPERATOR, new)
    except DomainError as refusal:
        print(refusal.message_vi, file=sys.stderr)
        return 1
    print(f"created {email}")
    return 0


def _password() -> str:
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
