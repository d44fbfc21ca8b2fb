"""Files that are whole or not there at all."""

import os
from pathlib import Path

import pytest

from beanjar.client.home import Home
from beanjar.client.ownlog import Damaged
from beanjar.node.disk import make_folder, write_safely
from tests.main.terminal import Terminal


def test_a_file_that_could_not_be_finished_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    write_safely(file, b"old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_safely(file, b"new")
    assert file.read_bytes() == b"old"


def test_a_file_and_its_folders_are_its_owner_s_alone(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "a" / "b")
    write_safely(folder / "file", b"secret")
    modes = [path.stat().st_mode & 0o777 for path in (folder.parent, folder, folder / "file")]
    assert modes == [0o700, 0o700, 0o600]


def test_a_home_that_was_half_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    with monkeypatch.context() as power_cut:
        power_cut.setattr(home, "_write", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            home.settle("Ada", bytes(32))
    assert home.is_empty
    assert home.settle("Ada", bytes(range(32))).name == "Ada"
    assert home.person.seed == bytes(range(32))


def test_a_damaged_log_is_told_and_never_gone_on_with(ada: Terminal) -> None:
    (log,) = ada.home.logs()
    last = max(ada.folder.rglob("*.op"))
    last.write_bytes(last.read_bytes()[:-1] + b"!")
    with pytest.raises(Damaged, match="--new-device"):
        _ = log.head
    assert "is damaged" in ada.refused("space", "leave")


@pytest.mark.parametrize("name", ["person.json", "space.json", "key", "seed"])
def test_a_damaged_file_of_a_home_is_named_and_so_is_the_way_on(ada: Terminal, name: str) -> None:
    (file,) = ada.folder.rglob(name)
    file.write_bytes(file.read_bytes()[:-1])
    words = {"key": ("space", "leave"), "seed": ("me", "words")}.get(name, ("me", "show"))
    refused = ada.refused(*words)
    assert f"{name} is damaged" in refused
    assert "beanjar me restore" in refused
