"""Who may import whom. Every contract is broken on purpose once, so that each is known to bite."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("channels", "classifier", "feedback")
OFFENCES = {
    "layers": ("feedback/clock.py", "import feedback.settings"),
    "libraries": ("channels/text.py", "import feedback.clock"),
    "strangers": ("classifier/prediction.py", "import channels.message"),
    "adapters": ("channels/zalo/adapter.py", "import channels.email.adapter"),
    "tokenise": ("channels/message.py", "import underthesea"),
    "http": ("feedback/clock.py", "import requests"),
    "domain": ("feedback/domain/errors.py", "import redis"),
    "store": ("feedback/bell.py", "import sqlalchemy"),
    "bell": ("feedback/clock.py", "import rq"),
}


@pytest.fixture(scope="module")
def contracts() -> dict[str, str]:
    """Contract id to name."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {part.removeprefix(prefix): parser[part]["name"] for part in parser if part.startswith(prefix)}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = (
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
        "--no-cache",
    )
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_contract_bites(tmp_path: Path, contracts: dict[str, str]) -> None:
    assert contracts.keys() == OFFENCES.keys()
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.js*"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for file, line in OFFENCES.values():
        with (tmp_path / file).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    printed = lint(tmp_path).stdout
    for name in contracts.values():
        assert re.search(rf"^{re.escape(name)} BROKEN", printed, re.MULTILINE), name


def test_the_web_does_not_load_the_classifier() -> None:
    heavy = "{'sklearn', 'scipy', 'underthesea', 'alembic'}"
    question = f"import sys, feedback.web.wsgi; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        (sys.executable, "-c", question), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
