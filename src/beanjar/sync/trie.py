"""A Merkle trie over the logs of one space: equal roots mean equal logs.

A log has its place by SHA-256 of its device key. A node of the trie with at most `LEAF` logs below
it is a leaf, any other has 16 children, one for each hexadecimal digit of the place that comes
next. So the shape depends on nothing but the keys, and two replicas with the same logs have the
same trie whatever came first.
"""

from collections.abc import Iterator
from hashlib import sha256
from struct import Struct as Layout

from msgspec import Struct

from beanjar.base.ids import ZERO

LEAF = 32
"""The most logs in a leaf."""
DIGITS = "0123456789abcdef"
_PACKED = Layout(">qq32s")


class Entry(Struct, frozen=True, gc=False):
    """What a replica holds of one log: the seq and id of its last operation.

    For a forked log `fork` is the lowest forked seq that is known, and `seq` and `id` are of the
    last operation held before it, so that replicas agree whichever branch each of them saw.
    """

    key: bytes
    seq: int
    id: bytes
    fork: int = -1

    def digest(self) -> bytes:
        """Return 32 bytes that stand for the entry."""
        return sha256(self.key + _pack(self)).digest()


def _pack(entry: Entry) -> bytes:
    return _PACKED.pack(entry.seq, entry.fork, entry.id)


def _unpack(key: bytes, packed: bytes) -> Entry:
    seq, fork, name = _PACKED.unpack(packed)
    return Entry(key, seq, name, fork)


class Node:
    """A node of the trie: a leaf, whose packed entries are by key, or one with 16 children."""

    __slots__ = ("_digest", "children", "leaf")

    def __init__(self) -> None:
        """Begin as an empty leaf."""
        self.leaf: dict[bytes, bytes] = {}
        self.children: list[Node] | None = None
        self._digest: bytes | None = ZERO

    def put(self, key: bytes, place: str, packed: bytes, depth: int) -> None:
        """Set the entry of a log whose place (64 digits) leads to this node at `depth`."""
        self._digest = None
        if self.children is not None:
            self.children[int(place[depth], 16)].put(key, place, packed, depth + 1)
            return
        self.leaf[key] = packed
        if len(self.leaf) > LEAF:
            held, self.leaf = self.leaf, {}
            self.children = [Node() for _ in DIGITS]
            for each, entry in held.items():
                self.put(each, place_of(each), entry, depth)

    def digest(self) -> bytes:
        """Return 32 bytes that stand for all below; zeros where there is nothing."""
        if self._digest is None:
            if self.children is None:
                parts = [b"\0", *(key + self.leaf[key] for key in sorted(self.leaf))]
            else:
                parts = [b"\1", *(child.digest() for child in self.children)]
            self._digest = sha256(b"".join(parts)).digest()
        return self._digest

    def entries(self) -> Iterator[Entry]:
        """Yield all entries below; what is put meanwhile may be among them or not."""
        if self.children is None:
            for key, packed in sorted(self.leaf.items()):
                yield _unpack(key, packed)
        else:
            for child in self.children:
                yield from child.entries()


class Trie:
    """The logs of one space as one replica holds them."""

    def __init__(self) -> None:
        """Begin without logs."""
        self.operations = 0
        """How many are held in all logs, those past forks left out."""
        self._root = Node()

    def put(self, entry: Entry) -> None:
        """Set what is held of a log."""
        before = self.get(entry.key)
        self.operations += entry.seq - (before.seq if before else -1)
        self._root.put(entry.key, place_of(entry.key), _pack(entry), 0)

    def get(self, key: bytes) -> Entry | None:
        """Return what is held of a log, if anything."""
        node, place, depth = self._root, place_of(key), 0
        while node.children is not None:
            node, depth = node.children[int(place[depth], 16)], depth + 1
        packed = node.leaf.get(key)
        return None if packed is None else _unpack(key, packed)

    def digest(self) -> bytes:
        """Return the root: 32 bytes that are equal where the same is held."""
        return self._root.digest()

    def node(self, prefix: str) -> Node:
        """Return the node at a prefix of places; of a leaf above it, what falls under the prefix.

        The result of the second kind is a copy, to be read only.
        """
        node = self._root
        for depth, digit in enumerate(prefix):
            if node.children is None:
                return _part(node, prefix, depth)
            node = node.children[int(digit, 16)]
        return node


def place_of(key: bytes) -> str:
    """Return the place of a log: 64 hexadecimal digits."""
    return sha256(key).hexdigest()


def _part(leaf: Node, prefix: str, depth: int) -> Node:
    part = Node()
    for key, packed in leaf.leaf.items():
        if (place := place_of(key)).startswith(prefix):
            part.put(key, place, packed, depth)
    return part
