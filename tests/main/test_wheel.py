"""The package as somebody builds it who has what is checked in, and nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import httpx
import pytest

from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.demo.process import NodeProcess

TOP = Path(__file__).parents[2]
STATIC = PurePosixPath("beanjar/web/static")
ALONE = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the files that git keeps."""
    command = ["git", "ls-files", "-z", "--cached", "src", "*.py", "*.json", "*.toml", "*.md"]
    named = subprocess.run(
        [*command, ".npmrc", "LICENSE"], cwd=TOP, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, named.split("\0")):
        if (TOP / name).exists():  # else it is about to be removed
            place = tmp_path / "checkout" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / name, place)
    return tmp_path / "checkout"


def build(checkout: Path, **more: str) -> tuple[list[Path], str]:
    """Build with `more` in the environment; return the wheel, if it came to be, and the words."""
    place = checkout.parent / "wheels"
    made = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *ALONE, f"--wheel-dir={place}", str(checkout)],
        env={**os.environ, **more},
        check=False,
        capture_output=True,
        text=True,
    )
    return list(place.glob("*.whl")), made.stdout + made.stderr


def test_a_wheel_has_all_that_its_pages_need_and_starts(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [wheel], said = build(checkout)
    assert "rror" not in said
    unpacked = tmp_path / "unpacked"
    with ZipFile(wheel) as packed:
        names = set(packed.namelist())
        packed.extractall(unpacked)
    bundles = {f"{STATIC}/vendor/{each.name}" for each in TOP.glob("src/beanjar/web/bundles/*.js")}
    words = {
        str(each.relative_to(TOP / "src").with_suffix(".mo"))
        for each in TOP.glob("src/beanjar/web/locale/**/*.po")
    }
    assert bundles
    assert words
    assert bundles | words | {f"{STATIC}/vendor/licences.json", f"{STATIC}/beanjar.css"} <= names
    assert not [name for name in names if "/tests/" in name or name.endswith(".po")]

    monkeypatch.setenv("PYTHONPATH", str(unpacked), prepend=os.pathsep)
    monkeypatch.chdir(tmp_path)
    helped = subprocess.run(
        [sys.executable, "-m", "beanjar", "--help"], check=True, capture_output=True, text=True
    )
    assert "Usage: " in helped.stdout
    with NodeProcess(tmp_path / "node", OPERATIONS_PER_ADDRESS) as node:
        source = httpx.get(f"{node.url}/source.json").json()
        served = {str(STATIC / each["name"]): each["address"] for each in source["files"]}
        assert bundles < set(served)
        for name, address in served.items():
            answer = httpx.get(f"{node.url}{address}")
            assert answer.content == (unpacked / name).read_bytes(), name
        assert httpx.get(node.url, headers={"accept-language": "fr"}).status_code == 200


def test_a_package_that_would_lack_what_its_pages_need_is_not_built(checkout: Path) -> None:
    nothing = str(checkout.parent / "nothing")
    wheels, said = build(checkout, npm_config_offline="true", npm_config_cache=nothing)
    assert not wheels
    assert "“npm ci” failed, see above, so the pages would lack what they need." in said
    shutil.rmtree(checkout / "src/beanjar/web/bundles")
    wheels, said = build(checkout)
    assert not wheels
    assert "src/beanjar/web/bundles is not here" in said
    assert "Build from a whole copy of the repository." in said
