"""`feedback terms …` against a real database, as an operator calls it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from feedback import cli
from feedback.services.app import App


@pytest.fixture
def feedback_command(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)


def draft(tmp_path: Path, capsys: pytest.CaptureFixture[str], app: App, **edit: object) -> Path:
    assert cli.main(["terms", "show"]) == 0
    document = json.loads(capsys.readouterr().out)
    start = app.store.now() + timedelta(hours=1)
    path = tmp_path / "terms.json"
    path.write_text(json.dumps({**document, "valid_from": start.isoformat(), "version": "thu", **edit}))
    return path


@pytest.mark.usefixtures("feedback_command")
def test_show_edit_preview_publish_list(tmp_path: Path, capsys: pytest.CaptureFixture[str], app: App) -> None:
    path = draft(tmp_path, capsys, app, steps=[40, 100])
    assert cli.main(["terms", "preview", str(path)]) == 0
    assert "running tickets" in capsys.readouterr().out
    assert cli.main(["terms", "publish", str(path), "--note", "QĐ thử", "--move"]) == 0
    assert "0 looked at" in capsys.readouterr().out
    assert cli.main(["terms", "list"]) == 0
    listed = capsys.readouterr().out
    assert " thu-" in listed
    assert "from 2025-03-01 00:00 " in listed  # Hanoi time, as the file says it
    assert cli.main(["terms", "calendar"]) == 0


@pytest.mark.usefixtures("feedback_command")
def test_what_cannot_be_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], app: App
) -> None:
    bad = draft(tmp_path, capsys, app, receive={"term": "0wh", "basis": "law", "source": "x"})
    picture = tmp_path / "picture.toml"
    picture.write_bytes(b"\x89PNG\xff")
    for path in (bad, tmp_path / "none.json", tmp_path, picture):
        assert cli.main(["terms", "preview", str(path)]) == 1
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert cli.main(["terms", "preview", str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'none.json'}: No such file or directory\n"
    broken = tmp_path / "broken.toml"
    broken.write_text("x = ")
    assert cli.main(["terms", "publish", str(broken), "--note", "x", "--keep"]) == 1
    assert cli.main(["terms", "show", "2099"]) == 1
    assert cli.main(["terms", "calendar", "--move"]) == 1
    with pytest.raises(SystemExit):
        cli.main(["terms", "publish", str(bad), "--note", "nobody said what becomes of running tickets"])
