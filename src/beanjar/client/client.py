"""A node's HTTP interface, as programs use it. Every failure is a sentence."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain
from random import Random, SystemRandom
from typing import TypeVar

import httpx
import msgspec

from beanjar.base.errors import BeanjarError
from beanjar.base.places import DOOR
from beanjar.client.following import Connection, Following
from beanjar.client.line import Line, NodeRambles, may_pass, understand
from beanjar.client.records import (
    About,
    Health,
    LogHead,
    Losses,
    OnRoll,
    Quota,
    Receipt,
    SpaceRecord,
    Witnessed,
)
from beanjar.node.changes import Change
from beanjar.node.network import NetworkView
from beanjar.node.standing import Holding, SpaceStanding, Standing
from beanjar.ops.alone import read_alone
from beanjar.ops.device import Certificate
from beanjar.ops.errors import Refused
from beanjar.ops.log import Head
from beanjar.ops.operation import Operation
from beanjar.space.charter import Hop
from beanjar.space.ticket import NodeAddress

T = TypeVar("T")
BYTES = {"content-type": "application/octet-stream"}
JSON = {"content-type": "application/json"}
EVENT = "data: "


class Client:
    """One node. Ids and keys have 32 bytes, but for those of questions and answers, in hex."""

    def __init__(self, url: str = DOOR) -> None:
        """Speak to the node at this address, over one connection."""
        self._line = Line(url)
        self.url = self._line.url

    @property
    def is_near(self) -> bool:
        """Whether the node is on this machine."""
        return self._line.is_near

    def close(self) -> None:
        """Let go of the connection."""
        self._line.close()

    def about(self) -> About:
        """Return what node this is."""
        return self._line.read("/api", About)

    def answers(self) -> bool:
        """Say whether there is a node."""
        try:
            return bool(self.about().device)
        except BeanjarError:
            return False

    def space(self, space: bytes) -> SpaceRecord:
        """Return who is in a space and what it asks."""
        return self._line.read(f"/api/spaces/{space.hex()}", SpaceRecord)

    def head(self, space: bytes, device: bytes) -> Head:
        """Return where the node believes a device's log to stand."""
        found = self._line.read(f"/api/spaces/{space.hex()}/logs/{device.hex()}", LogHead)
        return Head(found.seq, bytes.fromhex(found.id), found.time)

    def operation(self, space: bytes, name: bytes) -> Operation:
        """Return the operation with this id, its signature checked on this machine."""
        data = self._line.ask("GET", f"/api/spaces/{space.hex()}/operations/{name.hex()}")
        try:
            operation = read_alone(data)
        except Refused as error:
            raise NodeRambles(f"The node at {self.url} sent a false entry: {error}") from None
        if operation.id != name or operation.effective_space != space:
            raise NodeRambles(f"The node at {self.url} sent another entry than it was asked for.")
        return operation

    def found(self, run: bytes) -> Receipt:
        """Hand in the run that founds a space."""
        return self._hand_in("/api/spaces", run)

    def submit(self, space: bytes, run: bytes) -> Receipt:
        """Hand in a run of a space."""
        return self._hand_in(f"/api/spaces/{space.hex()}/runs", run)

    def view(self, space: bytes, tool: str, question: str, kind: type[T]) -> T:
        """Return the view of a question (its id in hex) as a struct, see `Question.view`."""
        return self._line.read(f"/s/{space.hex()}/{tool}/{question}.json", kind)

    def board(self, space: bytes, tool: str, kind: type[T]) -> T:
        """Return the view of all questions of a tool as a struct: the tool's own, or of less."""
        return self._line.read(f"/s/{space.hex()}/{tool}.json", kind)

    def page(self, path: str) -> bytes:
        """Return a page, or the JSON beside it, as the node serves it."""
        return self._line.ask("GET", path)

    def lend(
        self, token: str, space: bytes, certificate: Certificate, invitation: tuple[Hop, ...]
    ) -> Receipt:
        """Lend the node's own device to a space, as its keeper."""
        lending = {"certificate": certificate, "invitation": invitation}
        return self._keep(token, space, "device", msgspec.json.encode(lending))

    def offer(self, token: str, space: bytes) -> Receipt:
        """Let the node offer to witness in a space, as its keeper."""
        return self._keep(token, space, "offer")

    def stop_offering(self, token: str, space: bytes) -> Receipt:
        """Let the node take its offer back, as its keeper."""
        return self._keep(token, space, "stop")

    def carry(self, token: str, space: bytes, nodes: Sequence[NodeAddress]) -> None:
        """Let the node fetch a space from nodes that carry it, as its keeper."""
        joining = {"space": space.hex(), "nodes": nodes}
        self._line.ask("POST", "/api/keeper/spaces", msgspec.json.encode(joining), _show(token))

    def losses(self, token: str, space: bytes) -> Losses:
        """Return what the node would lose by leaving a space, as its keeper."""
        path = f"/api/keeper/spaces/{space.hex()}/losses"
        return understand(self._line.ask("GET", path, headers=_show(token)), Losses)

    def leave(self, token: str, space: bytes, *, even_so: bool) -> None:
        """Let the node carry a space no further and erase it, as its keeper."""
        path = f"/api/keeper/spaces/{space.hex()}/leave"
        self._line.ask("POST", path, msgspec.json.encode({"even_so": even_so}), _show(token))

    def allow(self, token: str, space: bytes, limit: int | None) -> Quota:
        """Let a space take so many bytes of the node's disk, as its keeper."""
        path = f"/api/keeper/spaces/{space.hex()}/quota"
        said = self._line.ask("POST", path, msgspec.json.encode({"bytes": limit}), _show(token))
        return understand(said, Quota)

    def neighbours(self, token: str) -> Standing:
        """Return how the node stands with its neighbours, as its keeper."""
        return understand(
            self._line.ask("GET", "/api/keeper/peers", headers=_show(token)), Standing
        )

    def health(self, token: str) -> Health:
        """Return how the node does, as its keeper."""
        said = self._line.ask("GET", "/api/keeper/health", headers=_show(token))
        return understand(said, Health)

    def standing(self, space: bytes) -> SpaceStanding:
        """Return how far a space has come on the node."""
        return self._line.read(f"/api/spaces/{space.hex()}/standing", SpaceStanding)

    def network(self, space: bytes, without: str = "") -> NetworkView:
        """Return the network of a space, and what is left of it without a node (its key in hex)."""
        asked = f"?without={without}" if without else ""
        return self._line.read(f"/api/spaces/{space.hex()}/network{asked}", NetworkView)

    def holdings(self, space: bytes, ids: Sequence[str]) -> list[Holding]:
        """Return for each of at most `ASKED_AT_ONCE` operations (hex) who holds it."""
        path = f"/api/spaces/{space.hex()}/holdings"
        asked = msgspec.json.encode({"ids": ids})
        return understand(self._line.ask("POST", path, asked, JSON), list[Holding])

    def receipt(self, space: bytes, answer: str) -> Witnessed:
        """Return how many witnesses have logged an answer (its id in hex)."""
        return self._line.read(f"/api/spaces/{space.hex()}/operations/{answer}/receipt", Witnessed)

    def roll(self, space: bytes, question: str, person: str) -> OnRoll:
        """Return whether a question that is open counts a person (both in hex)."""
        return self._line.read(
            f"/api/spaces/{space.hex()}/questions/{question}/roll/{person}", OnRoll
        )

    @contextmanager
    def export(self, space: bytes) -> Iterator[Iterator[bytes]]:
        """Open the export of a space, which comes piece by piece."""
        path = f"/api/spaces/{space.hex()}/export"
        with self._line.open(path) as response:
            yield self._line.pieces(response)

    @contextmanager
    def follow(
        self,
        space: bytes | None = None,
        tell: Callable[[Connection], None] = lambda _: None,
        pause: Callable[[float], None] = time.sleep,
        chance: Random | None = None,
    ) -> Iterator[Iterator[Change]]:
        """Open the stream of what changes from now on, in one space or in all the node carries.

        What is told is that something changed, not what: read it anew. A stream that is lost comes
        back by itself: `tell` is told "lost" once it is lost and "back" once it is back, and then
        all that is followed counts as changed. Only a node that refuses it for good ends it, by
        `NodeRefuses`. `pause` waits for so many seconds, and `chance` says for how many.
        """
        listen = partial(self._listen, space)
        with closing(Following(listen, may_pass, tell, pause, chance or SystemRandom())) as stream:
            yield stream

    @contextmanager
    def _listen(self, space: bytes | None, *, again: bool) -> Iterator[Iterator[Change]]:
        wanted = {} if space is None else {"space": space.hex()}
        with self._line.open("/api/events", wanted) as response:
            missed = [Change(each, None) for each in self._followed(space)] if again else []
            yield chain(missed, self._read_changes(response))

    def _followed(self, space: bytes | None) -> list[str]:
        return [space.hex()] if space else [each.id for each in self.about().spaces]

    def _read_changes(self, response: httpx.Response) -> Iterator[Change]:
        for line in self._line.lines(response):
            if line.startswith(EVENT):
                yield understand(line.removeprefix(EVENT).encode(), Change)

    def _keep(self, token: str, space: bytes, what: str, content: bytes = b"") -> Receipt:
        path = f"/api/keeper/spaces/{space.hex()}/{what}"
        return understand(self._line.ask("POST", path, content, _show(token)), Receipt)

    def _hand_in(self, path: str, run: bytes) -> Receipt:
        return understand(self._line.ask("POST", path, run, BYTES), Receipt)


def _show(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", **JSON}
