"""The home: private, short socket paths, held by one process."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import pytest

from feedback.embedded.errors import EmbeddedError, HomeInUse
from feedback.embedded.home import Home, owned_folder, write_private
from feedback.embedded.secret_files import NAMES, environment
from feedback.settings.reader import is_fernet_key


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_secrets_are_private(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "deep" / "home")
    made = environment(home)
    assert {mode(folder) for folder in (home.root, home.logs, home.run, home.secrets)} == {0o700}
    assert {mode(file) for file in home.secrets.iterdir()} == {0o600}
    assert made.keys() == set(NAMES) and is_fernet_key(made["FEEDBACK_DATA_KEY"])
    assert environment(home) == made


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Home.at(tmp_path)
    assert mode(tmp_path) == 0o755


@pytest.mark.parametrize("name", ["d" * 90, "có dấu", "with blank", "quote'", "a,b"])
def test_an_awkward_home_gets_its_sockets_elsewhere(tmp_path: Path, name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="r-") as runtime:
        sockets = Home.at(tmp_path / name).sockets({"XDG_RUNTIME_DIR": runtime})
        assert sockets.parent == Path(runtime)
        assert mode(sockets) == 0o700
        assert len(str(sockets / ".s.PGSQL.5432")) < 100


def test_an_empty_runtime_folder_is_none(tmp_path: Path) -> None:
    sockets = Home.at(tmp_path / "có dấu").sockets({"XDG_RUNTIME_DIR": ""})
    assert sockets.is_absolute()
    sockets.rmdir()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(open_folder)
    for name in ("open", "link"):
        with pytest.raises(EmbeddedError):
            owned_folder(tmp_path / name)


def test_a_home_is_held_once(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with home.locked(), pytest.raises(HomeInUse, match="FEEDBACK_HOME"), home.locked():
        pass
    with home.locked():
        pass


def test_a_private_file_replaces_whole(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "one")
    write_private(tmp_path / "file", "two")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["two"]
    assert mode(tmp_path / "file") == 0o600
