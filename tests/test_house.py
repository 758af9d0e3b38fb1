"""The house as a whole: what the documents, the Procfile and the lists promise is there, and nothing stands about unused."""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from classifier.__main__ import command_line
from feedback import cli
from feedback.domain.events import AuditAction
from feedback.domain.permissions import CITIZEN_ACTIONS, GENERAL_ACTIONS, TICKET_ACTIONS, Action
from feedback.domain.workflow import TABLE
from feedback.launcher import processes
from feedback.settings import Settings, values
from feedback.web import SurfaceName, access, create_app
from feedback.web.access import PUBLIC

ROOT = Path(__file__).parent.parent
PACKAGES = ("channels", "classifier", "feedback")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "channels").rglob("*.md")])
ADRS = ROOT / "docs" / "adr"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def sources() -> Iterator[tuple[Path, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")


def parses(parser: argparse.ArgumentParser, words: list[str]) -> bool:
    """Whether the command line takes these words; a bare command may be named without its arguments."""
    bare = not any(word.startswith("-") for word in words)
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        for attempt in (words, [*words, "--help"]) if bare else (words,):
            try:
                parser.parse_args(attempt)
            except SystemExit as end:
                if end.code:
                    continue
            return True
    return False


# --- Procfile -------------------------------------------------------------------------------------------------------

PROCFILE = dict(
    line.split(": exec ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
)


def test_the_launcher_starts_the_processes_of_the_procfile() -> None:
    assert tuple(PROCFILE) == processes.NAMES


@pytest.mark.parametrize("process", PROCFILE)
def test_every_line_of_the_procfile_starts_something_that_exists(process: str) -> None:
    program, *words = shlex.split(PROCFILE[process])
    if program == "feedback":
        assert parses(cli.parser(), words)
        return
    assert (program, words[0]) == ("gunicorn", "--config")
    assert find_spec(words[1].removeprefix("python:"))
    module, _, factory = words[2].partition(":")
    assert callable(getattr(import_module(module), factory.removesuffix("()")))


# --- Routes and permissions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("surface", ["public", "desk"])
def test_every_route_says_who_may_use_it(settings: Settings, surface: SurfaceName) -> None:
    flask_app = create_app(settings, surface)
    marks = {
        rule.endpoint: access.required(flask_app, rule.endpoint) for rule in flask_app.url_map.iter_rules()
    }
    assert [endpoint for endpoint, mark in marks.items() if mark is None] == []
    if surface == "public":
        assert set(marks.values()) == {PUBLIC}


def test_every_action_is_somebodys_and_asked_for_somewhere() -> None:
    given = set(CITIZEN_ACTIONS) | {Action.TRIAGE}
    given |= {
        action for table in (TICKET_ACTIONS, GENERAL_ACTIONS) for row in table.values() for action in row
    }
    assert given == set(Action)
    changing = {action for row in TABLE.values() for action in row}
    text = "".join(text for path, text in sources() if path.parent.name != "domain")
    assert [a.name for a in Action if a not in changing and f"Action.{a.name}" not in text] == []


def test_every_word_of_the_audit_trail_is_written_by_something() -> None:
    text = "".join(text for path, text in sources() if path.parts[-2:] != ("domain", "events.py"))
    assert [action.name for action in AuditAction if f"AuditAction.{action.name}" not in text] == []


# --- Settings -------------------------------------------------------------------------------------------------------


def test_every_setting_is_used() -> None:
    text = "".join(text for path, text in sources() if "settings" not in path.relative_to(ROOT).parts)
    known = {
        field.name
        for found in vars(values).values()
        if isinstance(found, type) and is_dataclass(found)
        for field in fields(found)
    }
    assert sorted(field for field in known if not re.search(rf"\.{field}\b", text)) == []


# --- Documents ------------------------------------------------------------------------------------------------------


def written_commands(document: Path) -> Iterator[str]:
    """What stands in `…` or on a line of a shell block."""
    text = document.read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (line.rpartition("|")[2].strip() for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def words_after(prefix: str, command: str) -> list[str] | None:
    """The arguments of a command written out in full; None for prose that only begins like one."""
    command = command.removeprefix(".venv/bin/")
    if not command.startswith(f"{prefix} ") or command.split()[-1] == "…" or re.search(r"→|\w\|\w", command):
        return None
    words = shlex.split(command, comments=True)[len(prefix.split()) :]
    return ["1" if word == "ID" else word for word in words]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_in_the_documents_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for command in written_commands(document):
        if words := words_after("feedback", command):
            assert parses(cli.parser(), words), command
        if words := words_after("python -m classifier", command):
            assert parses(command_line(), words), command
        elif words := words_after("python -m", command):
            assert find_spec(words[0]), command
        if words := words_after("make", command):
            assert words[0] in targets, command


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_and_path_in_the_documents_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not re.match(r"[a-z]+:", target):
            assert (document.parent / target).exists(), target
    for path in re.findall(
        r"`((?:feedback|channels|classifier|tests|docs|benchmarks|models|scripts)/[\w./-]+)`", text
    ):
        assert (ROOT / path).exists(), path


def test_the_changelog_is_kept() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = text.partition("## Unreleased")[2].partition("\n## ")[0]
    assert "- " in unreleased


def test_every_decision_has_its_own_number_a_status_and_a_place_in_the_index() -> None:
    index = (ADRS / "README.md").read_text(encoding="utf-8")
    records = sorted(path for path in ADRS.glob("*.md") if path.name != "README.md")
    numbers = [path.name.partition("-")[0] for path in records]
    assert len(set(numbers)) == len(numbers)
    for record in records:
        text = record.read_text(encoding="utf-8")
        title = re.sub(r"^# 0*\d+\W+", "", text.splitlines()[0])
        assert re.search(r"^Status: \w+", text, re.MULTILINE), record.name
        assert re.search(rf"\[{re.escape(title)}\]\({re.escape(record.name)}\)", index), record.name


# --- Habits ---------------------------------------------------------------------------------------------------------


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
    assert [name(path) for path, _ in sources() if {*path.parts[:-1], path.stem} & empty] == []


def test_nothing_is_left_for_later() -> None:
    mark = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert [name(path) for path, text in sources() if mark.search(text)] == []


def test_whoever_catches_everything_says_why() -> None:
    """A broad `except` stands at a border only, and the line above or below it tells which."""
    silent = []
    for path, text in sources():
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            everything = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id == "Exception"
            )
            around = (lines[node.lineno - 2], lines[node.lineno])
            if everything and not any(line.lstrip().startswith("#") for line in around):
                silent.append(f"{name(path)}:{node.lineno}")
    assert silent == []
