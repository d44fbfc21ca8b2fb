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
from beanjar.client.following import Connection, Following
from beanjar.client.places import DOOR
from beanjar.client.records import (
    About,
    Health,
    LogHead,
    OnRoll,
    Receipt,
    Refusal,
    SpaceRecord,
    Witnessed,
)
from beanjar.node.changes import Change
from beanjar.node.standing import Holding, SpaceStanding, Standing
from beanjar.ops.alone import read_alone
from beanjar.ops.device import Certificate
from beanjar.ops.errors import Refused
from beanjar.ops.log import Head
from beanjar.ops.operation import Operation
from beanjar.space.charter import Hop
from beanjar.space.ticket import NodeAddress

T = TypeVar("T")
PATIENCE = httpx.Timeout(60, connect=5)
"""How long to wait for a node, in seconds: it may have a crowd to add up."""
BYTES = {"content-type": "application/octet-stream"}
JSON = {"content-type": "application/json"}
NOT_FOUND = 404
TOO_MANY = 429
BROKEN = 500
"""From here on the fault is not in what was asked for."""
EVENT = "data: "
NEAR = {"127.0.0.1", "localhost", "::1"}


class NodeAway(BeanjarError):
    """No node answers."""


class NodeRefuses(BeanjarError):
    """A node that answers and says no, in its own sentence. `status` is that of HTTP."""

    def __init__(self, sentence: str, status: int) -> None:
        """Pass on what the node says."""
        super().__init__(sentence)
        self.status = status


class NodeRambles(BeanjarError):
    """A node whose answer is not what was asked for."""


class Client:
    """One node. Ids and keys have 32 bytes, but for those of questions and answers, in hex."""

    def __init__(self, url: str = DOOR) -> None:
        """Speak to the node at this address, over one connection."""
        self.url = url.rstrip("/")
        try:
            self._http = httpx.Client(
                base_url=self.url,
                timeout=PATIENCE,
                # To load everybody's certificates takes long, and plain http has no use for them.
                verify=self.url.startswith("https:"),
                # A proxy of the way to the world knows nothing of this machine.
                mounts={f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")},
            )
            self._http.base_url.host.encode("idna")  # or it fails when somebody looks it up
        except (httpx.InvalidURL, UnicodeError) as error:
            raise NodeAway(f"“{url}” is no address of a node: {error}.") from None

    @property
    def is_near(self) -> bool:
        """Whether the node is on this machine."""
        return self._http.base_url.host in NEAR

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def about(self) -> About:
        """Return what node this is."""
        return self._read("/api", About)

    def answers(self) -> bool:
        """Say whether there is a node."""
        try:
            return bool(self.about().device)
        except BeanjarError:
            return False

    def space(self, space: bytes) -> SpaceRecord:
        """Return who is in a space and what it asks."""
        return self._read(f"/api/spaces/{space.hex()}", SpaceRecord)

    def head(self, space: bytes, device: bytes) -> Head:
        """Return where the node believes a device's log to stand."""
        found = self._read(f"/api/spaces/{space.hex()}/logs/{device.hex()}", LogHead)
        return Head(found.seq, bytes.fromhex(found.id), found.time)

    def operation(self, space: bytes, name: bytes) -> Operation:
        """Return the operation with this id, its signature checked on this machine."""
        data = self._ask("GET", f"/api/spaces/{space.hex()}/operations/{name.hex()}")
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
        return self._read(f"/s/{space.hex()}/{tool}/{question}.json", kind)

    def board(self, space: bytes, tool: str, kind: type[T]) -> T:
        """Return the view of all questions of a tool as a struct: the tool's own, or of less."""
        return self._read(f"/s/{space.hex()}/{tool}.json", kind)

    def page(self, path: str) -> bytes:
        """Return a page, or the JSON beside it, as the node serves it."""
        return self._ask("GET", path)

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
        self._ask("POST", "/api/keeper/spaces", msgspec.json.encode(joining), _show(token))

    def neighbours(self, token: str) -> Standing:
        """Return how the node stands with its neighbours, as its keeper."""
        return self._decode(self._ask("GET", "/api/keeper/peers", headers=_show(token)), Standing)

    def health(self, token: str) -> Health:
        """Return how the node does, as its keeper."""
        said = self._ask("GET", "/api/keeper/health", headers=_show(token))
        return self._decode(said, Health)

    def standing(self, space: bytes) -> SpaceStanding:
        """Return how far a space has come on the node."""
        return self._read(f"/api/spaces/{space.hex()}/standing", SpaceStanding)

    def holdings(self, space: bytes, ids: Sequence[str]) -> list[Holding]:
        """Return for each of at most `ASKED_AT_ONCE` operations (hex) who holds it."""
        path = f"/api/spaces/{space.hex()}/holdings"
        asked = msgspec.json.encode({"ids": ids})
        return self._decode(self._ask("POST", path, asked, JSON), list[Holding])

    def receipt(self, space: bytes, answer: str) -> Witnessed:
        """Return how many witnesses have logged an answer (its id in hex)."""
        return self._read(f"/api/spaces/{space.hex()}/operations/{answer}/receipt", Witnessed)

    def roll(self, space: bytes, question: str, person: str) -> OnRoll:
        """Return whether a question that is open counts a person (both in hex)."""
        return self._read(f"/api/spaces/{space.hex()}/questions/{question}/roll/{person}", OnRoll)

    @contextmanager
    def export(self, space: bytes) -> Iterator[Iterator[bytes]]:
        """Open the export of a space, which comes piece by piece."""
        path = f"/api/spaces/{space.hex()}/export"
        with self._failing_well(), self._http.stream("GET", path) as response:
            self._insist(response)
            yield response.iter_bytes()

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
        with closing(Following(listen, _may_pass, tell, pause, chance or SystemRandom())) as stream:
            yield stream

    @contextmanager
    def _listen(self, space: bytes | None, *, again: bool) -> Iterator[Iterator[Change]]:
        wanted = {} if space is None else {"space": space.hex()}
        with (
            self._failing_well(),
            self._http.stream("GET", "/api/events", params=wanted) as response,
        ):
            self._insist(response)
            missed = [Change(each, None) for each in self._followed(space)] if again else []
            yield chain(missed, self._read_changes(response))

    def _followed(self, space: bytes | None) -> list[str]:
        return [space.hex()] if space else [each.id for each in self.about().spaces]

    def _read_changes(self, response: httpx.Response) -> Iterator[Change]:
        with self._failing_well():
            for line in response.iter_lines():
                if line.startswith(EVENT):
                    yield self._decode(line.removeprefix(EVENT).encode(), Change)

    def _keep(self, token: str, space: bytes, what: str, content: bytes = b"") -> Receipt:
        path = f"/api/keeper/spaces/{space.hex()}/{what}"
        return self._decode(self._ask("POST", path, content, _show(token)), Receipt)

    def _hand_in(self, path: str, run: bytes) -> Receipt:
        return self._decode(self._ask("POST", path, run, BYTES), Receipt)

    def _read(self, path: str, kind: type[T]) -> T:
        return self._decode(self._ask("GET", path), kind)

    def _ask(
        self, method: str, path: str, content: bytes = b"", headers: dict[str, str] | None = None
    ) -> bytes:
        with self._failing_well():
            response = self._http.request(method, path, content=content, headers=headers)
        self._insist(response)
        return response.content

    def _insist(self, response: httpx.Response) -> None:
        if not response.is_success:
            response.read()
            self._refuse(response)

    def _refuse(self, response: httpx.Response) -> None:
        try:
            sentence = msgspec.json.decode(response.content, type=Refusal).error
        except msgspec.MsgspecError:
            sentence = f"{self.url} answers, but not as a node does ({response.status_code})."
        raise NodeRefuses(sentence, response.status_code)

    def _decode(self, data: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.MsgspecError:
            raise NodeRambles(
                f"{self.url} answers, but this program does not understand it. Update the older "
                "of the two."
            ) from None

    @contextmanager
    def _failing_well(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException:
            raise NodeAway(f"The node at {self.url} takes too long to answer.") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise NodeAway(
                f"No node answers at {self.url}. Start one with: beanjar up. Or name "
                "another (in a terminal with --node)."
            ) from None


def _may_pass(error: BeanjarError) -> bool:
    """Say whether what went wrong may go right later, without anything else being asked for."""
    if isinstance(error, NodeRefuses):
        return error.status == TOO_MANY or error.status >= BROKEN
    return isinstance(error, NodeAway)


def _show(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", **JSON}
