"""Stories of whoever starts a node: where its pages are, and who can open them."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import httpx
import pytest
from click.testing import CliRunner

from beanjar.main.cli import main
from beanjar.main.start import start
from beanjar.space.ticket import read_ticket
from tests.main.network import LOOPBACK, look_up, somebody_called
from tests.main.started import say_hello, started, stop_while_followed

NAME = f"kitchen-{os.getpid()}"
HERE = ("--lan", "--host", LOOPBACK)
"""As --lan, on a network that is this machine alone."""


def write_ticket(tmp_path: Path, node: Any, *words: str) -> tuple[list[str], str]:  # noqa: ANN401 - JSON is anything
    """Found a space at a node; return the doors of a ticket to it, and what is said beside."""

    def type_in(*words: str) -> Any:  # noqa: ANN401 - likewise
        shared = ["--home", str(tmp_path / "home"), "--node", node["url"], "--json"]
        result = CliRunner().invoke(main, [*shared, *words])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout), result.stderr

    type_in("me", "new", "Ada")
    type_in("space", "new", "The market", "--data", node["data"])
    told, beside = type_in("space", "ticket", *words)
    return list(read_ticket(told["ticket"]).doors), beside


def test_a_node_is_there_for_its_own_machine(tmp_path: Path) -> None:
    said, wrong = say_hello(tmp_path)
    where, who = said.splitlines()
    assert where.startswith(f"Your node is up: http://{LOOPBACK}:")
    assert who == "Only this machine can open it. Stop it with Ctrl-C; nothing is lost."
    assert not wrong


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_node_that_is_stopped_lets_the_pages_go_that_follow_it(
    tmp_path: Path, by: signal.Signals
) -> None:
    assert stop_while_followed(tmp_path, by) == (0, "")


def test_on_a_network_a_node_is_found_by_its_name_and_so_is_what_it_carries(tmp_path: Path) -> None:
    with started(tmp_path / "node", *HERE, "--name", NAME) as node:
        assert asyncio.run(look_up(NAME)) == [LOOPBACK]
        port = httpx.URL(node["url"]).port
        doors = [
            {"url": node["url"], "open_to": "this machine"},
            {"url": f"http://{NAME}.local:{port}", "open_to": "this network"},
        ]
        assert node["doors"] == doors
        answer = httpx.get(f"{node['url']}/api", headers={"host": f"{NAME}.local:{port}"})
        assert answer.json()["doors"] == doors
        elsewhere = httpx.get(f"{node['url']}/api", headers={"host": f"other.local:{port}"})
        assert elsewhere.status_code == 421
        named, beside = write_ticket(tmp_path, node)
        assert named == [doors[1]["url"]]
        assert "people on the same network as your node join" in beside
    assert asyncio.run(look_up(NAME, patience=500)) == []


def test_a_keeper_is_told_who_can_open_the_pages_and_a_phone_where(tmp_path: Path) -> None:
    said, wrong = say_hello(tmp_path, *HERE, "--name", f"{NAME}-hall")
    assert f"Your node is up: http://{NAME}-hall.local:" in said
    assert "Everyone on this network can open it." in said
    assert f"A phone that does not find that name opens http://{LOOPBACK}:" in said
    assert "█" in said
    assert not wrong


def test_where_the_name_is_another_machines_the_address_goes_on(tmp_path: Path) -> None:
    async def story() -> tuple[str, str]:
        async with somebody_called(f"{NAME}-taken"):
            return await asyncio.to_thread(say_hello, tmp_path, *HERE, "--name", f"{NAME}-taken")

    said, wrong = asyncio.run(story())
    assert f"is called {NAME}-taken.local. Choose another name with --name." in wrong
    assert f"Your node is up: http://{LOOPBACK}:" in said


def test_a_public_node_says_by_which_name_and_where_its_proxy_goes(tmp_path: Path) -> None:
    said, wrong = say_hello(tmp_path, "--public", "jar.example.org")
    assert said.startswith("Your node is up: https://jar.example.org\nEveryone can open it.")
    assert f"passes it on to http://{LOOPBACK}:" in said
    assert not wrong


def test_a_ticket_names_the_doors_that_others_can_open(tmp_path: Path) -> None:
    with started(tmp_path / "node", "--public", "jar.example.org") as node:
        assert write_ticket(tmp_path, node) == (["https://jar.example.org"], "")
        given = write_ticket(tmp_path / "given", node, "--door", "http://ben.example")
        assert given == (["http://ben.example"], "")


def test_a_ticket_of_a_node_that_nobody_else_reaches_says_so(tmp_path: Path) -> None:
    with started(tmp_path / "node") as node:
        doors, beside = write_ticket(tmp_path, node)
        assert doors == [node["url"]]
        assert "works on this machine only" in beside


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--name", "ada"), "say --lan too"),
        ((*HERE, "--name", "ada lovelace"), "cannot be a name on this network"),
        (("--port", "70000"), "0<=x<=65535"),
        (("--per-address", "0"), "x>=1"),
        (("--public", "https://jar.example.org/x"), "Give the name alone"),
        (("--relay", f"https://{'relay.' * 10}example"), "Name a relay with a shorter one"),
    ],
)
def test_what_cannot_be_is_said_before_anybody_comes(
    tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    refused = CliRunner().invoke(
        main, ["up", "--alone", "--port", "0", "--data", str(tmp_path), *words]
    )
    assert refused.exit_code
    assert why in refused.stderr
    assert "Your node is up" not in refused.stdout


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TextIO]:
    """What a machine opens in its browser, a line each; to read one waits for it."""
    told, programs = tmp_path / "opened", tmp_path / "programs"
    os.mkfifo(told)
    programs.mkdir()
    browser = programs / "xdg-open"
    browser.write_text(f'#!/bin/sh\necho "$1" > {told}\n', encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    # Open both ways, so that who writes into it waits for nobody.
    with os.fdopen(os.open(told, os.O_RDWR), encoding="utf-8") as lines:
        yield lines


def test_a_node_opens_its_page_if_that_is_wished(tmp_path: Path, opened: TextIO) -> None:
    with started(tmp_path / "node", "--open") as node:
        assert opened.readline().strip() == node["url"]


def test_a_double_click_opens_the_page_of_the_node_that_runs(
    tmp_path: Path, opened: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(tmp_path / "node") as node:
        monkeypatch.setattr("beanjar.main.start.DOOR", node["url"])
        start()
        assert opened.readline().strip() == node["url"]


def test_a_double_click_starts_a_node_where_none_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    typed: list[list[str]] = []
    monkeypatch.setattr("beanjar.main.start.DOOR", "http://127.0.0.1:1")
    monkeypatch.setattr("beanjar.main.start.main", typed.append)
    start()
    assert typed == [["up", "--open"]]
