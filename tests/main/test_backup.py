"""Stories of nodes that are put into a file, and come back from it."""

import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from beanjar.base.clock import DAY
from beanjar.client.client import Client
from beanjar.node.folder import Folder, Moved
from beanjar.ops.run import write_run
from beanjar.space.charter import Erase, Profile
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from tests.main.running import RunningNode
from tests.main.terminal import Terminal

NAME = "Zebulon Quartz"
NAMES = ("before", "after")


@pytest.fixture
def again() -> Iterator[list[RunningNode]]:
    """Nodes that a story starts, and that are stopped in the end."""
    nodes: list[RunningNode] = []
    yield nodes
    for node in nodes:
        node.stop()


def back_up(keeper: Terminal, file: Path, *more: str) -> None:
    keeper("backup", str(file), *keeper.own, *more)


def files_in(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_backup_of_a_running_node_is_for_its_owner_alone_and_says_what_it_is(
    keeper: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "node.zip"
    told = keeper("backup", str(file), *keeper.own).stdout
    assert "its secret keys are in it" in told
    assert "24 words" in told
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("node.zip")] == [
        "node.zip"
    ]
    assert "is there already" in keeper.refused("backup", str(file), *keeper.own)
    assert "There is no node in" in keeper.refused("backup", "x", "--data", str(tmp_path))


def test_a_node_that_is_restored_shows_the_same_and_speaks_with_a_new_device(
    keeper: Terminal, tmp_path: Path, again: list[RunningNode]
) -> None:
    question = keeper.ask()
    keeper("estimate", "answer", question, "871", "--yes")
    back_up(keeper, tmp_path / "node.zip")
    old, space = keeper.node, keeper.home.logs()[0].space
    root = old.node.folder.store.heads(space)
    folder = tmp_path / "elsewhere"
    restored = keeper.read("restore", str(tmp_path / "node.zip"), "--data", str(folder))
    assert (restored["goes_on"], restored["spaces"]) == (False, [space.hex()])
    assert restored["spoken"] == [space.hex()]
    node = RunningNode(folder, old.clock)
    again.append(node)
    assert node.node.folder.store.heads(space) == root
    assert node.node.device != old.node.device
    assert node.node.token == old.node.token
    # The old one's word on this question is known to nobody here, so it is never given.
    node.pass_time(DAY)
    assert node.node.folder.store.heads(space) == root
    keeper.url = node.url
    keeper("witness", "offer", "--data", str(folder))
    assert node.node.space(space).knows(node.node.device)
    assert not node.node.folder.store.forks(space)


def test_what_was_erased_before_is_not_in_a_backup(keeper: Terminal, tmp_path: Path) -> None:
    (log,) = keeper.home.logs()
    ben, node = Person("Ben"), keeper.node
    joining = ben.device.join(log.space, node.clock.now())
    said = ben.device.write(log.space, Profile(NAME), node.clock.now())
    erasure = ben.device.write(log.space, Erase(said.id.hex()), node.clock.now())
    client = Client(node.url)
    client.submit(log.space, write_run([joining, said]))
    back_up(keeper, tmp_path / "before.zip")
    client.submit(log.space, write_run([erasure]))
    client.close()
    node.tick()
    back_up(keeper, tmp_path / "after.zip")
    found = [NAME.encode() in (tmp_path / f"{each}.zip").read_bytes() for each in NAMES]
    assert found == [True, False]


def test_a_space_that_was_left_is_not_in_a_backup(keeper: Terminal, tmp_path: Path) -> None:
    (log,) = keeper.home.logs()
    keeper("space", "leave", "The market", "--erase", "--even-so", "--yes", *keeper.own)
    back_up(keeper, tmp_path / "after.zip")
    assert log.space not in (tmp_path / "after.zip").read_bytes()


def test_what_is_written_while_a_backup_is_made_does_not_spoil_it(
    keeper: Terminal, tmp_path: Path
) -> None:
    store = keeper.node.node.folder.store
    with store.writing() as writer:
        writer.keep_private("much", bytes(20_000_000))

    def write_meanwhile(done: int, total: int) -> None:
        with store.writing() as writer:
            writer.keep_private(f"{done} of {total}", b"something")

    target = tmp_path / "copy.db"
    store.copy(keeper.node.folder / "beanjar.db", target, write_meanwhile)
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = {name for (name,) in copy.execute("SELECT name FROM private")}
    assert kept == {"much"} | {each for each in kept if not each.count(" of ")}


@pytest.mark.parametrize("harm", ["cut", "bit", "text", "newer"])
def test_a_file_that_is_no_whole_backup_changes_nothing(
    keeper: Terminal, tmp_path: Path, harm: str
) -> None:
    file, folder = tmp_path / "node.zip", tmp_path / "elsewhere"
    back_up(keeper, file)
    whole = file.read_bytes()
    if harm == "cut":
        file.write_bytes(whole[:-1000])
    if harm == "bit":
        place = len(whole) // 2
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    if harm == "text":
        file.write_text("no backup at all")
    if harm == "newer":
        seal_anew(file, b'{"format":2,"made":0,"version":"9","moves":false}')
    said = keeper.refused("restore", str(file), "--data", str(folder))
    expected = {"cut": "not all of one", "bit": "was changed", "text": "is no backup"}
    assert expected.get(harm, "another version of Beanjar") in said
    assert not folder.exists()
    assert not folder.with_name("elsewhere.new").exists()


def seal_anew(file: Path, manifest: bytes) -> None:
    """Give a backup another manifest, as another version may."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("beanjar-backup.json", manifest)
        archive.comment = b"0" * 64
    data = file.read_bytes()[:-64]
    file.write_bytes(data + sha256(data).hexdigest().encode())


def test_nothing_is_restored_into_a_folder_that_holds_anything(
    keeper: Terminal, tmp_path: Path
) -> None:
    back_up(keeper, tmp_path / "node.zip")
    before = set(files_in(keeper.node.folder))
    said = keeper.refused("restore", str(tmp_path / "node.zip"), *keeper.own)
    assert "There is something in" in said
    assert set(files_in(keeper.node.folder)) == before


def test_a_node_moves_with_one_file_and_never_starts_where_it_was(
    keeper: Terminal, tmp_path: Path, again: list[RunningNode]
) -> None:
    question = keeper.ask()
    keeper("estimate", "answer", question, "871", "--yes")
    file, folder = tmp_path / "node.zip", tmp_path / "elsewhere"
    assert "Another node is running" in keeper.refused("backup", str(file), "--move", *keeper.own)
    device = keeper.node.node.device
    keeper.node.stop()
    back_up(keeper, file, "--move")
    with pytest.raises(Moved, match="has moved"):
        Folder(keeper.node.folder)
    restored = keeper.read("restore", str(file), "--data", str(folder))
    assert restored["goes_on"]
    assert restored["used_up"]
    assert not file.exists()
    node = RunningNode(folder, keeper.node.clock)
    again.append(node)
    assert node.node.device == device
    keeper.url = node.url
    keeper.node = node
    node.pass_time(DAY)
    assert keeper.show(question)["facts"]["state"] == "opened"


def test_a_moved_file_that_lay_about_is_a_mere_copy(
    keeper: Terminal, tmp_path: Path, again: list[RunningNode]
) -> None:
    device = keeper.node.node.device
    keeper.node.stop()
    back_up(keeper, tmp_path / "node.zip", "--move")
    keeper.node.clock.pass_time(8 * DAY)
    folder = tmp_path / "elsewhere"
    told = keeper("restore", str(tmp_path / "node.zip"), "--data", str(folder)).stdout
    assert "It speaks with a new device" in told
    assert (tmp_path / "node.zip").exists()
    node = RunningNode(folder, HandClock())
    again.append(node)
    assert node.node.device != device


def test_a_file_that_cannot_be_removed_after_a_move_is_told_to_be(
    keeper: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.node.stop()
    back_up(keeper, tmp_path / "node.zip", "--move")
    folder = tmp_path / "elsewhere"

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    told = keeper("restore", str(tmp_path / "node.zip"), "--data", str(folder)).stdout
    assert "Remove" in told
    shutil.rmtree(folder)
