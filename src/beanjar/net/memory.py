"""Links within one event loop, for tests: no sockets, no keys to prove, and a hand on the wires.

What is above the wires is as between machines: greetings, frames, bounds. What happens follows from
what is sent and awaited alone, so it happens again in the next run.
"""

import asyncio
from collections.abc import Collection, Sequence
from ipaddress import IPv4Address
from itertools import count

from beanjar.net.carrier import Caller, Connection
from beanjar.net.endpoint import CarrierEndpoint, Patience
from beanjar.net.link import LinkLost

WINDOW = 256 * 1024
"""Bytes under way in one direction, beyond which a sender waits."""


class Pipe:
    """Bytes under way in one direction."""

    def __init__(self) -> None:
        """Begin with none."""
        self.end: str | None = None
        self._held = bytearray()
        self._news = asyncio.Event()

    async def write(self, data: bytes) -> int:
        """Add bytes once there is room; return how many."""
        while len(self._held) >= WINDOW and self.end is None:
            await self._wait()
        if self.end is not None:
            raise LinkLost(self.end)
        self._held += data
        self._news.set()
        return len(data)

    async def read(self, most: int) -> bytes:
        """Return the next bytes; raise `LinkLost` after the last."""
        while not self._held and self.end is None:
            await self._wait()
        if not self._held:
            raise LinkLost(self.end or "")
        data = bytes(self._held[:most])
        del self._held[:most]
        self._news.set()
        return data

    def stop(self, reason: str, *, spill: bool) -> None:
        """Take no more; forget what is under way if it is to spill."""
        self.end = self.end or reason
        if spill:
            self._held.clear()
        self._news.set()

    async def _wait(self) -> None:
        self._news.clear()
        await self._news.wait()


class Wires:
    """Both directions between two endpoints."""

    def __init__(self, dialler: bytes, dialled: bytes) -> None:
        """Lay them."""
        self.ends = (dialler, dialled)
        self.over = asyncio.Event()
        self.pipes = (Pipe(), Pipe())

    def end(self, reason: str, *, spill: bool = False) -> None:
        """End both directions."""
        for pipe in self.pipes:
            pipe.stop(reason, spill=spill)
        self.over.set()


class MemoryConnection:
    """One endpoint's end of the wires."""

    def __init__(self, wires: Wires, side: int, address: str) -> None:
        """Take side 0, who dialled, or 1; the other one is at `address`."""
        self.peer = wires.ends[1 - side]
        self.address = address
        self._wires = wires
        self._out, self._in = wires.pipes[side], wires.pipes[1 - side]

    async def open_stream(self) -> None:
        """Do nothing: there is one stream from the start."""

    async def take_stream(self) -> None:
        """Do nothing: there is one stream from the start."""

    async def meet_another(self) -> None:
        """Raise `LinkLost` when it is over: there is never a second stream."""
        await self._wires.over.wait()
        raise LinkLost(self._in.end or "")

    async def read(self, most: int) -> bytes:
        """Return the next bytes, at most so many; raise `LinkLost` at the end."""
        return await self._in.read(most)

    async def write(self, data: bytes) -> int:
        """Return how many of the bytes were taken, once one was; raise `LinkLost` at the end."""
        return await self._out.write(data)

    async def finish(self) -> None:
        """Do nothing: what was taken has arrived."""

    def cut(self, reason: str) -> None:
        """End both directions; what is under way still arrives."""
        self._wires.end(f"The connection is over: {reason}")


class MemoryCaller:
    """Someone who dials."""

    def __init__(self, wires: Wires, address: str) -> None:
        """Hold the wires ready, which lead to `address`."""
        self._wires = wires
        self._address = address

    async def host(self) -> str:
        """Return the IP address of their endpoint."""
        return self._address.partition(":")[0]

    async def is_proven(self) -> bool:
        """Say yes: nobody lies here."""
        return True

    async def accept(self) -> MemoryConnection:
        """Return the connection."""
        return MemoryConnection(self._wires, 1, self._address)

    async def put_off(self) -> None:
        """Refuse."""
        self._wires.end("Too many are dialling at once.")

    async def ignore(self) -> None:
        """Refuse: there is no silence without time."""
        await self.put_off()


class MemoryCarrier:
    """One endpoint's place at the switchboard."""

    def __init__(self, board: "Switchboard", key: bytes, address: str) -> None:
        """Take the place."""
        self.key = key
        self.relays: tuple[str, ...] = ()
        self.address = address
        self.callers: asyncio.Queue[Caller | None] = asyncio.Queue()
        self._board = board

    def addresses(self) -> tuple[str, ...]:
        """Return the one address."""
        return (self.address,)

    async def connect(self, key: bytes, addresses: Sequence[str]) -> Connection:
        """Return a connection with the node of this key; raise `LinkLost` if there is none."""
        return self._board.connect(self, key, addresses)

    async def next_caller(self) -> Caller | None:
        """Return who dials next, or None once closed."""
        return await self.callers.get()

    async def close(self) -> None:
        """End everything."""
        self._board.remove(self)
        self.callers.put_nowait(None)


class Switchboard:
    """Endpoints that reach one another, as long as nobody parts them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._carriers: dict[bytes, MemoryCarrier] = {}
        self._wires: list[Wires] = []
        self._groups: list[Collection[bytes]] = []
        self._hosts = count(1)

    def endpoint(self, key: bytes, patience: Patience | None = None) -> CarrierEndpoint:
        """Return a new endpoint with this key, at an address of its own.

        One that was stopped may be followed by another with the same key.
        """
        carrier = MemoryCarrier(self, key, f"{IPv4Address('10.0.0.0') + next(self._hosts)}:1")
        self.add(carrier)
        return CarrierEndpoint(carrier, patience or Patience(), only_loopback=False)

    def add(self, carrier: MemoryCarrier) -> None:
        """Put an endpoint on the board, to be found by its key at its address."""
        assert carrier.key not in self._carriers
        self._carriers[carrier.key] = carrier

    def cut(self, first: bytes, second: bytes) -> None:
        """End the links between two nodes at once, with all that is under way on them."""
        for wires in self._wires:
            if set(wires.ends) == {first, second}:
                wires.end("The wires were cut.", spill=True)

    def part(self, *groups: Collection[bytes]) -> None:
        """Let only nodes of one group reach one another; with no groups, all reach all again.

        Links between groups are cut. Nodes in no group reach nobody.
        """
        self._groups = list(groups)
        for wires in self._wires:
            if not self._may_meet(*wires.ends):
                wires.end("The wires were cut.", spill=True)

    def connect(self, dialler: MemoryCarrier, key: bytes, addresses: Sequence[str]) -> Connection:
        """Return a connection from an endpoint to another, if it is there and may be reached."""
        dialled = self._carriers.get(key)
        if dialled is None or dialled.address not in addresses:
            raise LinkLost("Nobody of this key answers there.")
        if dialled is dialler or not self._may_meet(dialler.key, key):
            raise LinkLost("There is no way there.")
        wires = Wires(dialler.key, key)
        self._wires = [each for each in self._wires if not each.over.is_set()] + [wires]
        dialled.callers.put_nowait(MemoryCaller(wires, dialler.address))
        return MemoryConnection(wires, 0, dialled.address)

    def remove(self, carrier: MemoryCarrier) -> None:
        """Take an endpoint off the board and end what it had begun."""
        del self._carriers[carrier.key]
        for wires in self._wires:
            if carrier.key in wires.ends:
                wires.end("The other node has gone.")

    def _may_meet(self, first: bytes, second: bytes) -> bool:
        both = {first, second}
        return not self._groups or any(both <= set(group) for group in self._groups)
