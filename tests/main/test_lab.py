import json
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beanjar.lab import hyparview
from beanjar.main.cli import main
from tests.data_files import data_file


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["lab", "table", *words])


def test_barans_table_is_rows_of_figures() -> None:
    rows = json.loads(run("baran", "--json").stdout)
    (row,) = (each for each in rows if (each["redundancy"], each["destroyed"]) == (4, 50))
    assert abs(row["largest_share"] - 0.44) <= 0.02


def test_hyparviews_table_is_rows_of_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    small = partial(hyparview.measure, nodes=40)
    monkeypatch.setattr(hyparview, "measure", small)
    rows = json.loads(run("hyparview", "--seed", "7", "--json").stdout)
    assert all(set(row) == {"active", "failed", "first", "tenth", "last"} for row in rows)
    assert {(row["active"], row["failed"]) for row in rows} == set(
        product(hyparview.ACTIVE, hyparview.FAILED)
    )
    assert "95 %" in run("hyparview").stdout


def test_networks_are_read_from_files(tmp_path: Path) -> None:
    links = tmp_path / "street.txt"
    links.write_text("a b\nb c\nc a\nc d\n", encoding="utf-8")
    abilene = data_file("topologyzoo/Abilene.json")
    rows = json.loads(run("networks", str(links), str(abilene), "--json", "--directed").stdout)
    assert [(each["name"], each["bridges"], each["strong"]) for each in rows] == [
        ("street", 1, 3),
        ("Abilene", 0, None),
    ]
    assert "decentralized" in run("networks", str(links)).stdout


def test_a_file_that_is_no_network_is_a_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    refused = run("networks", str(empty))
    assert refused.exit_code == 1
    assert "holds no link" in refused.stderr
    stranger = tmp_path / "stranger.json"
    stranger.write_text('{"nodes": [{"id": 1}], "links": [{"source": 1, "target": 2}]}')
    assert "The link between 1 and 2 needs both" in run("networks", str(stranger)).stderr
