from pathlib import Path

import pytest

from beanjar.lab.topology import NoTopology, read_topology

NODE_LINK = (
    '{"directed": true, "nodes": [{"id": 1}, {"id": 2}], "%s": [{"source": 1, "target": 2}]}'
)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "web.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("key", ["edges", "links"])
def test_node_link_json_says_its_nodes_its_links_and_whether_they_lead_one_way(
    tmp_path: Path, key: str
) -> None:
    topology = read_topology(write(tmp_path, NODE_LINK % key))
    assert (topology.name, topology.directed) == ("web", True)
    assert (topology.nodes, topology.links) == ((1, 2), ((1, 2),))


def test_a_list_of_links_may_have_remarks_blanks_tabs_and_commas(tmp_path: Path) -> None:
    text = "# from to\n% more\na b\n\nb\tc\r\nc, d\n"
    topology = read_topology(write(tmp_path, text))
    assert topology.links == (("a", "b"), ("b", "c"), ("c", "d"))
    assert not topology.directed


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no link"),
        ("# nothing\n", "holds no link"),
        ("a b\na b c\n", "Line 2 of .* is not two nodes"),
        (b"\xff\xfe", "not in UTF-8"),
        ("{}", "no node-link JSON"),
        ('{"nodes": [{"id": 1}]}', "lacks nodes or links"),
        ('{"nodes": [], "links": []}', "lacks nodes or links"),
        ('{"nodes": [{"id": [1]}], "links": []}', "no node-link JSON"),
    ],
)
def test_any_other_file_is_refused_with_what_would_fit(
    tmp_path: Path, text: str | bytes, why: str
) -> None:
    with pytest.raises(NoTopology, match=f"{why}(.|\n)*What fits is a list of links"):
        read_topology(write(tmp_path, text))
