"""A neighbour that is no node: it says by hand whatever a test wants, and may read nothing."""

from collections import deque
from collections.abc import Sequence

from beanjar.ops.run import read_run
from beanjar.sync import events
from beanjar.sync.codec import read_message, write_message
from beanjar.sync.events import Event
from beanjar.sync.messages import (
    VERSION,
    Hello,
    Message,
    Push,
    Runs,
    Spaces,
)
from beanjar.sync.secrecy import name_space, shorten
from tests.sync.world import Member, World


class Stranger(Member):
    """It greets as it should, names the spaces that it knows, and does nothing more by itself."""

    def __init__(self, world: World, name: str, *known: bytes) -> None:
        super().__init__(world, name)
        world.members.append(self)
        self.known = known
        self.heard: list[Message] = []
        self.own_nonce = self.host_nonce = b""

    def handle(self, event: Event) -> None:
        match event:
            case events.Came():
                self.own_nonce = event.nonce
            case events.Heard(message=Hello() as hello):
                self.host_nonce = hello.nonce
            case events.Heard(message=message):
                self.heard.append(message)

    def meet(self, host: Member) -> None:
        """Connect with a node, and greet it."""
        self.world.connect(host, self)
        self.world.run(0.001)
        self.tell(host, Hello(VERSION, self.own_nonce), Spaces(self.tags(*self.known)))

    def tags(self, *spaces: bytes) -> tuple[bytes, ...]:
        """Return by what this one names spaces."""
        nonces = self.own_nonce, self.host_nonce
        return tuple(name_space(space, self.key, *nonces) for space in spaces)

    def shorten(self, host: Member, digest: bytes) -> bytes:
        """Return what stands for a digest on the connection with a node."""
        return shorten(host.exchange.peers[self.key].salt, digest)

    def tell(self, host: Member, *messages: Message) -> None:
        """Say something, and let the node say what it has to say."""
        for message in messages:
            heard = through_bytes(message)
            if isinstance(heard, Push | Runs):
                deque(map(read_run, heard.runs), 0)  # a node reads them all before it takes any
            host.handle(events.Heard(self.key, heard))

    def tell_unread(self, host: Member, *messages: Message) -> Sequence[events.Output]:
        """Say something without reading anything; return what the node is to do."""
        world, outputs = self.world, []
        for message in messages:
            heard = events.Heard(self.key, through_bytes(message))
            outputs += host.exchange.handle(heard, world.now, world.chance)
        return outputs

    def hear(self) -> list[Message]:
        """Return what was said to it since it was asked last."""
        self.world.run(0.01)
        heard, self.heard = self.heard, []
        return heard


def through_bytes(message: Message) -> Message:
    """Return a message as it arrives."""
    return read_message(write_message(message))
