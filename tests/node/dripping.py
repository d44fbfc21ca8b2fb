"""A neighbour whose line is slow: what it writes comes byte by byte, as a test lets it."""

from collections.abc import Sequence

from beanjar.net.carrier import Connection
from beanjar.net.endpoint import CarrierEndpoint, Patience
from beanjar.net.memory import MemoryCarrier
from beanjar.testing.people import make_key
from tests.node.intruder import Intruder
from tests.node.street import Street

ADDRESS = "10.9.9.9:1"


class Line(MemoryCarrier):
    """An endpoint's place at the switchboard, and the last wire that leads from it."""

    wire: Connection

    async def connect(self, key: bytes, addresses: Sequence[str]) -> Connection:
        """Return a connection, and keep hold of its wire."""
        self.wire = await super().connect(key, addresses)
        return self.wire


class Dripping(Intruder):
    """It speaks as an intruder does, and writes parts of frames as it likes."""

    def __init__(self, street: Street, name: str = "dripping") -> None:
        self._line = Line(street.board, make_key(f"node {name}").public, ADDRESS)
        street.board.add(self._line)
        endpoint = CarrierEndpoint(self._line, Patience(), only_loopback=False)
        super().__init__(street, name, endpoint)

    async def drip(self, data: bytes) -> None:
        """Write some bytes of a frame."""
        await self._line.wire.write(data)
