"""As whom PostgreSQL runs. It refuses to run as root, and refuses a user number without a name.

An ordinary user runs it as is. Root runs it in a user namespace that shows root as an ordinary account, so
the data stay in the home with 0700 and belong to root outside. Where namespaces are forbidden, binaries and
data live under /var/lib/hanoi-feedback (or /var/tmp) and belong to an existing account.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from feedback.embedded.errors import EmbeddedError
from feedback.embedded.home import Home, private_folder

ACCOUNTS = ("postgres", "daemon", "nobody")
OUTSIDE = (Path("/var/lib/hanoi-feedback"), Path("/var/tmp/hanoi-feedback"))  # noqa: S108


@dataclass(frozen=True, slots=True)
class Runner:
    """`prefix` goes before the command; `account` is the one to become; `base` holds its data and sockets."""

    prefix: tuple[str, ...] = ()
    account: str | None = None
    base: Path | None = None


def choose(home: Home, program: Path) -> Runner:
    """How to run `program` (postgres) for this home. Raises EmbeddedError where there is no way."""
    if os.geteuid() != 0:
        return Runner()
    account = ordinary_account()
    namespace = namespace_prefix(account)
    if namespace and reaches(namespace, home, program):
        return Runner(prefix=namespace)
    return Runner(account=account.pw_name, base=outside_folder(home, account))


def ordinary_account() -> pwd.struct_passwd:
    """An account that is not root and exists."""
    everybody = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in (*ACCOUNTS, *everybody):
        if name in everybody:
            return everybody[name]
    raise EmbeddedError("PostgreSQL does not run as root and there is no other account: set DATABASE_URL")


def namespace_prefix(account: pwd.struct_passwd) -> tuple[str, ...]:
    unshare = shutil.which("unshare") if sys.platform == "linux" else None
    if unshare is None:
        return ()
    return (unshare, "--user", f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}")


def reaches(prefix: tuple[str, ...], home: Home, program: Path) -> bool:
    """Whether the namespace may be made and, from inside, the program can be run and the home written."""
    probe = (
        *prefix,
        "/bin/sh",
        "-c",
        '"$0" --version >/dev/null && test -w "$1"',
        str(program),
        str(home.root),
    )
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0  # noqa: S603


def outside_folder(home: Home, account: pwd.struct_passwd) -> Path:
    """A folder of this home that `account` owns and can reach."""
    for base in OUTSIDE:
        if not os.access(base.parent, os.W_OK):
            continue
        base.mkdir(mode=0o755, exist_ok=True)
        if base.is_symlink() or base.stat().st_uid != 0:
            raise EmbeddedError(f"{base} does not belong to root: remove it")
        own = private_folder(base / home.digest)
        os.chown(own, account.pw_uid, account.pw_gid)
        return own
    raise EmbeddedError("PostgreSQL cannot run as root here: start as an ordinary user, or set DATABASE_URL")
