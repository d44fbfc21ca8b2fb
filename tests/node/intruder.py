"""Somebody who connects with a node and speaks by hand: frames, messages, or neither."""

from hashlib import sha256
from itertools import count

from beanjar.net.endpoint import CarrierEndpoint
from beanjar.net.link import Link, LinkLost
from beanjar.space.ticket import NodeAddress
from beanjar.sync.codec import read_message, write_message
from beanjar.sync.messages import (
    VERSION,
    Hello,
    Message,
    Ping,
    Pong,
    Spaces,
)
from beanjar.sync.secrecy import name_space
from beanjar.testing.people import make_key
from tests.node.street import Home, Street


class Intruder:
    """It knows the space, and greets as a node does; what follows is the test's."""

    def __init__(
        self, street: Street, name: str = "intruder", endpoint: CarrierEndpoint | None = None
    ) -> None:
        self.key = make_key(f"node {name}").public
        self._nonce = sha256(name.encode()).digest()
        self._endpoint: CarrierEndpoint = endpoint or street.board.endpoint(self.key)
        self._link: Link | None = None
        self._numbers = count(1)
        street.at_the_end(self._endpoint.stop)

    @property
    def link(self) -> Link:
        assert self._link is not None
        return self._link

    async def dial(self, home: Home) -> Link:
        """Connect with a node, and say nothing."""
        self._link = await self._endpoint.dial(home.key, home.peers.endpoint.addresses())
        return self._link

    async def be_dialled(self, home: Home) -> None:
        """Let a node connect with this one, and greet it."""
        await home.peers.carry(home.id, [NodeAddress(self.key.hex(), self._endpoint.addresses())])
        self._link = await self._endpoint.accept()
        await self._greet(home)

    async def meet(self, home: Home) -> None:
        """Connect with a node, greet it, and name its space."""
        await self.dial(home)
        await self._greet(home)

    async def _greet(self, home: Home) -> None:
        await self.tell(Hello(VERSION, self._nonce))
        while not isinstance(hello := await self.hear(), Hello):
            pass
        await self.tell(Spaces((name_space(home.id, self.key, self._nonce, hello.nonce),)))
        await self.ask()

    async def tell(self, *messages: Message) -> None:
        for message in messages:
            await self.link.send(write_message(message))

    async def hear(self) -> Message:
        return read_message(await self.link.receive())

    async def ask(self) -> list[Message]:
        """Return all that is said until the node has heard all that it was told."""
        number = next(self._numbers)
        await self.tell(Ping(number))
        heard: list[Message] = []
        while not isinstance(message := await self.hear(), Pong) or message.number != number:
            heard.append(message)
        return heard

    async def see_the_end(self) -> None:
        """Return once the node has ended the connection."""
        try:
            while True:
                await self.link.receive()
        except LinkLost:
            return
