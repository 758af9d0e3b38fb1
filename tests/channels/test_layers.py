"""Who may import whom inside the library, and what loading it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.channels.cases import NAMES, ROOT

FOREIGN = {"flask", "sqlalchemy", "rq", "redis", "feedback", "classifier", "sklearn", "underthesea"}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


SOURCES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_knows_neither_the_application_nor_another_channel(path: Path) -> None:
    names = imports(path)
    assert not {name.split(".")[0] for name in names} & FOREIGN
    folder = path.relative_to(ROOT).parts[0]
    others = {name for name in NAMES if name != folder}
    assert not {name for name in names if name.startswith("channels.") and name.split(".")[1] in others}
    assert ("requests" in names) == (path == ROOT / "http.py")


def test_the_registry_loads_no_adapter() -> None:
    code = "import sys, channels.registry; print([m for m in sys.modules if m.startswith('channels.')])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "adapter" not in out


def test_the_pushed_channels_load_no_mail_or_html_library() -> None:
    code = "import sys, channels.zalo.adapter, channels.ihanoi.adapter, channels.web.adapter;"
    code += "print([m for m in ('lxml', 'inscriptis', 'imap_tools', 'flufl') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
