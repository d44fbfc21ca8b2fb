"""By which name a node is found on its network: it stays, since browsers keep things under it."""

import socket
from pathlib import Path

import pytest

from beanjar.main.naming import NoName, settle_name


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The machine is called Ada's."""
    monkeypatch.setattr(socket, "gethostname", lambda: "Adas-MacBook_Pro.fritz.box")
    return monkeypatch


def test_a_node_is_called_as_its_machine(tmp_path: Path, machine: pytest.MonkeyPatch) -> None:
    assert settle_name(tmp_path, None) == "adas-macbook-pro"
    for own in ("localhost", "", "...", "été"):
        machine.setattr(socket, "gethostname", lambda own=own: own)
        (tmp_path / "name.local").unlink()
        assert settle_name(tmp_path, None) == {"été": "t"}.get(own, "beanjar")


def test_a_name_stays_when_the_machine_is_called_otherwise(
    tmp_path: Path, machine: pytest.MonkeyPatch
) -> None:
    settle_name(tmp_path, None)
    machine.setattr(socket, "gethostname", lambda: "other")
    assert settle_name(tmp_path, None) == "adas-macbook-pro"


def test_a_name_that_the_keeper_gave_stays(tmp_path: Path) -> None:
    assert settle_name(tmp_path, "Kitchen.local") == "kitchen"
    assert settle_name(tmp_path, None) == "kitchen"
    assert settle_name(tmp_path, "hall") == "hall"
    assert settle_name(tmp_path, None) == "hall"


@pytest.mark.parametrize("given", ["", "-ada", "ada lovelace", "ada.example", "é", "a" * 64])
def test_what_cannot_be_a_name_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(NoName, match="letters a to z, digits and hyphens"):
        settle_name(tmp_path, given)
    assert not list(tmp_path.iterdir())
