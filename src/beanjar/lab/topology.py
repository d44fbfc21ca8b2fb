"""Networks that others have written down: node-link JSON, or a list of links."""

from collections.abc import Hashable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from beanjar.base.errors import BeanjarError

REMARKS = ("#", "%")
PAIR = 2


class NoTopology(BeanjarError):
    """A file that does not hold a network; the message says where and what would."""


class Topology(Struct, frozen=True):
    """Nodes and links as they stand in a file; where `directed`, links lead one way only."""

    name: str
    directed: bool
    nodes: tuple[Hashable, ...]
    links: tuple[tuple[Hashable, Hashable], ...]


class _Node(Struct):
    id: str | int


class _Link(Struct):
    source: str | int
    target: str | int


class _NodeLink(Struct):
    nodes: list[_Node]
    edges: list[_Link] | None = None
    links: list[_Link] | None = None
    directed: bool = False


def read_topology(path: Path, *, directed: bool = False) -> Topology:
    """Read a file; `directed` is what a list of links does not say. Raises `NoTopology`."""
    data = path.read_bytes()
    if data.lstrip()[:1] == b"{":
        return _read_node_link(path, data)
    links = tuple(_read_list(path, data))
    if not links:
        raise NoTopology(f"{path} holds no link. {_say_what_fits()}")
    return Topology(path.stem, directed, tuple(it for link in links for it in link), links)


def _read_node_link(path: Path, data: bytes) -> Topology:
    try:
        read = msgspec.json.decode(data, type=_NodeLink)
    except msgspec.MsgspecError as error:
        raise NoTopology(f"{path} is no node-link JSON: {error}. {_say_what_fits()}") from None
    links = read.edges if read.edges is not None else read.links
    if links is None or not read.nodes:
        raise NoTopology(f"{path} lacks nodes or links. {_say_what_fits()}")
    pairs = tuple((link.source, link.target) for link in links)
    return Topology(path.stem, read.directed, tuple(node.id for node in read.nodes), pairs)


def _read_list(path: Path, data: bytes) -> Iterator[tuple[str, str]]:
    try:
        lines = data.decode().splitlines()
    except UnicodeDecodeError:
        raise NoTopology(f"{path} is not in UTF-8. {_say_what_fits()}") from None
    for number, line in enumerate(lines, 1):
        words = line.replace(",", " ").split()
        if not words or words[0].startswith(REMARKS):
            continue
        if len(words) != PAIR:
            raise NoTopology(f"Line {number} of {path} is not two nodes. {_say_what_fits()}")
        yield words[0], words[1]


def _say_what_fits() -> str:
    return (
        "What fits is a list of links, one a line, each two nodes with a blank, a tab or a comma "
        "between them; or JSON with “nodes” that have an “id”, and “edges” or “links” that have a "
        "“source” and a “target”."
    )
