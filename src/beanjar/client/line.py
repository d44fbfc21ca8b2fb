"""The line to one node: what goes over HTTP, and comes back. Every failure is a sentence."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

import httpx
import msgspec

from beanjar.base.errors import BeanjarError
from beanjar.client.records import Refusal

T = TypeVar("T")
PATIENCE = httpx.Timeout(60, connect=5)
"""How long to wait for a node, in seconds: it may have a crowd to add up."""
NOT_FOUND = 404
TOO_MANY = 429
BROKEN = 500
"""From here on the fault is not in what was asked for."""
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


class Line:
    """One connection to the node at an address, for one thread."""

    def __init__(self, url: str) -> None:
        """Look whether `url` can be an address, or raise `NodeAway`; nothing is asked yet."""
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
        """Whether it leads to this machine."""
        return self._http.base_url.host in NEAR

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def ask(
        self, method: str, path: str, content: bytes = b"", headers: dict[str, str] | None = None
    ) -> bytes:
        """Return what the node answers. Raises `NodeAway` and `NodeRefuses`."""
        with self._failing_well():
            response = self._http.request(method, path, content=content, headers=headers)
        self._insist(response)
        return response.content

    def read(self, path: str, kind: type[T]) -> T:
        """Return what is at a path as a struct. Raises what `ask` does, and `NodeRambles`."""
        return understand(self.ask("GET", path), kind)

    @contextmanager
    def open(self, path: str, wanted: dict[str, str] | None = None) -> Iterator[httpx.Response]:
        """Open an answer that comes piece by piece, to be read by `pieces` or `lines`."""
        with ExitStack() as held:
            with self._failing_well():
                response = held.enter_context(self._http.stream("GET", path, params=wanted))
                self._insist(response)
            yield response

    def pieces(self, response: httpx.Response) -> Iterator[bytes]:
        """Yield an answer as it comes. Raises `NodeAway`."""
        with self._failing_well():
            yield from response.iter_bytes()

    def lines(self, response: httpx.Response) -> Iterator[str]:
        """Yield the lines of an answer as they come. Raises `NodeAway`."""
        with self._failing_well():
            yield from response.iter_lines()

    def _insist(self, response: httpx.Response) -> None:
        if not response.is_success:
            response.read()
            self._refuse(response)

    def _refuse(self, response: httpx.Response) -> None:
        status = response.status_code
        try:
            sentence = msgspec.json.decode(response.content, type=Refusal).error
        except msgspec.MsgspecError:
            if status >= BROKEN:
                raise NodeAway(
                    f"{self.url} answers for a node that does not ({status}). Try again later."
                ) from None
            sentence = f"{self.url} answers, but not as a node does ({status})."
        raise NodeRefuses(sentence, status)

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


def understand(data: bytes, kind: type[T]) -> T:
    """Return what a node answered in JSON as a struct. Raises `NodeRambles`."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError:
        raise NodeRambles(
            "This program does not understand the node's answer. Update the older of the two."
        ) from None


def may_pass(error: BeanjarError) -> bool:
    """Say whether what went wrong may go right later, without anything else being asked for."""
    if isinstance(error, NodeRefuses):
        return error.status == TOO_MANY or error.status >= BROKEN
    return isinstance(error, NodeAway)
