"""Where other nodes can be reached: what they signed of themselves, and what tickets said."""

from collections.abc import Container
from pathlib import Path

import msgspec
from msgspec import Struct

from beanjar.base.limits import ADDRESSES_KEPT, ADDRESSES_TOLD, DIAL_AGAIN, DIAL_SELDOM
from beanjar.sync.messages import Address


class Known(Struct):
    """One node that carries a space. `signed` is its own word, if that has come.

    `reached` says whether this node has ever dialled it with success.
    """

    node: bytes
    addresses: tuple[str, ...]
    signed: Address | None = None
    reached: bool = False


class Trying(Struct):
    """When to dial a node next, in ms, and how long to wait after that."""

    due: int = 0
    patience: int = DIAL_AGAIN


class AddressBook:
    """The nodes of each space, kept in a file that may be lost: peers tell it again."""

    def __init__(self, file: Path) -> None:
        """Read what is in the file, if it is there and whole."""
        self._file = file
        self._known: dict[bytes, dict[bytes, Known]] = {}
        self._trying: dict[bytes, Trying] = {}
        self._changed = False
        self.own: Address | None = None
        """This node's own signed word, told first."""
        if file.exists():
            self._read()

    def note_ticket(self, space: bytes, node: bytes, addresses: tuple[str, ...]) -> None:
        """Take what a ticket says of a node."""
        if node not in self._nodes(space):
            self._keep(space, Known(node, addresses))
        self._trying.pop(node, None)

    def note(self, space: bytes, address: Address) -> None:
        """Take a node's own signed word, unless it is older than what is here."""
        known = self._nodes(space).get(address.node)
        if known is None or known.signed is None or known.signed.time < address.time:
            self._keep(space, Known(address.node, address.addresses, address))

    def tell(self, space: bytes) -> list[Address]:
        """Return what nodes have said of themselves, this one first."""
        signed = [each.signed for each in self._nodes(space).values() if each.signed]
        own = [self.own] if self.own is not None else []
        return [*own, *reversed(signed)][:ADDRESSES_TOLD]

    def due(self, now: int, taken: Container[bytes], most: int) -> list[Known]:
        """Return at most so many nodes to dial at `now` (ms), none of them `taken`.

        Each counts as dialled. Those that were reached before come first: names cost nothing.
        """
        nodes = {node: known for each in self._known.values() for node, known in each.items()}
        self._trying = {node: each for node, each in self._trying.items() if node in nodes}
        free = [known for node, known in nodes.items() if node not in taken]
        due = [known for known in free if self._try(known.node).due <= now]
        due.sort(key=lambda known: (not known.reached, self._try(known.node).due))
        for known in due[:most]:
            trying = self._try(known.node)
            trying.due = now + trying.patience
            trying.patience = min(2 * trying.patience, DIAL_SELDOM)
        return due[:most]

    def reached(self, node: bytes) -> None:
        """Note that a node was reached, so that it is dialled soon once it is lost."""
        self._trying.pop(node, None)
        for nodes in self._known.values():
            if node in nodes:
                nodes[node].reached = self._changed = True

    def save(self) -> None:
        """Write the file anew, if anything has changed."""
        if not self._changed:
            return
        draft = self._file.with_suffix(".new")
        draft.write_bytes(msgspec.msgpack.encode(self._known))
        draft.replace(self._file)
        self._changed = False

    def _read(self) -> None:
        try:
            read = msgspec.msgpack.decode(
                self._file.read_bytes(), type=dict[bytes, dict[bytes, Known]]
            )
        except (msgspec.DecodeError, UnicodeDecodeError, OSError):
            return
        self._known = read

    def _keep(self, space: bytes, known: Known) -> None:
        nodes = self._known.setdefault(space, {})
        before = nodes.pop(known.node, None)
        known.reached = before is not None and before.reached
        nodes[known.node] = known  # the newest last, so that the oldest goes when it is too many
        while len(nodes) > ADDRESSES_KEPT:
            # Who floods us with names of nodes that are not there must not push out those that are.
            del nodes[
                next((node for node, each in nodes.items() if not each.reached), next(iter(nodes)))
            ]
        self._changed = True

    def _nodes(self, space: bytes) -> dict[bytes, Known]:
        return self._known.get(space, {})

    def _try(self, node: bytes) -> Trying:
        return self._trying.setdefault(node, Trying())
