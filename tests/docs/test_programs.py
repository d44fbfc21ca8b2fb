"""Whether what docs/programs.md says to type does what it says there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.demo.process import NodeProcess
from beanjar.main.tools import TOOLS
from beanjar.space.unsealing import unseal_all
from beanjar.space.verification import Verification

PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
CURL = re.compile(r'^curl (?:--\S+ )?"?(http://127\.0\.0\.1:2326)([^\s"]*)', re.MULTILINE)


class Ran(NamedTuple):
    """What the program said, where it left its file, and the node it spoke to."""

    said: str
    folder: Path
    node: NodeProcess


@pytest.fixture(scope="module")
def document(top: Path) -> str:
    return (top / "docs/programs.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ran(document: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("programs")
    program = folder / "fair.py"
    program.write_text("\n".join(PYTHON.findall(document)), encoding="utf-8")
    with NodeProcess(folder / "node", OPERATIONS_PER_ADDRESS) as node:
        command = [sys.executable, str(program), node.url, str(node.data), str(folder / "ada")]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert not done.returncode, done.stderr
        yield Ran(done.stdout, folder, node)


def test_the_program_comes_to_the_result_of_its_question(ran: Ran) -> None:
    assert "How heavy is it? opened" in ran.said
    assert "value='543.000'" in ran.said
    assert "1 people; questions: ['" in ran.said
    assert "the same: True" in ran.said


def test_the_program_hears_of_what_it_says(ran: Ran) -> None:
    (space,) = ran.node.door.about().spaces
    assert f"changed: {space.id}" in ran.said


def test_the_export_that_the_program_writes_holds(ran: Ran) -> None:
    with (ran.folder / "fair.beanjar").open("rb") as file:
        report = Verification(file, TOOLS).run(unseal_all, lambda _: None)
    assert not report.problems
    assert [each.facts.state for each in report.questions] == ["opened"]


def test_every_address_that_is_named_answers(document: str, ran: Ran) -> None:
    (space,) = ran.node.door.about().spaces
    (question,) = ran.node.door.space(bytes.fromhex(space.id)).subjects["estimate"]
    addresses = [path for _, path in CURL.findall(document)]
    assert len(addresses) == document.count("\ncurl ")
    with httpx.Client(base_url=ran.node.url) as http:
        for each in addresses:
            path = each.replace("SPACE", space.id).replace("QUESTION", question)
            with http.stream("GET", path) as response:
                assert response.is_success, path
                assert next(response.iter_bytes()), path
