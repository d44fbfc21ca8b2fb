"""A link on two streams of bytes, whatever carries them."""

import asyncio
from collections.abc import Callable

from beanjar.base.limits import FAREWELL_SECONDS, SEND_SECONDS
from beanjar.net.carrier import Wire
from beanjar.net.frames import HEAD, BadFrame, Frames, write_frame
from beanjar.net.link import LinkLost

PIECE = 64 * 1024
"""Bytes that are read at a time; a frame of as many is written at once."""


class StreamLink:
    """A link whose frames travel on a wire."""

    def __init__(self, peer: bytes, wire: Wire, patience: float = SEND_SECONDS) -> None:
        """Take over the wire to the node with the key `peer`.

        The link is lost when the peer takes nothing for `patience` seconds while it is sent to.
        """
        self.peer = peer
        self.sent = self.received = 0
        self._wire = wire
        self._patience = patience
        self._frames = Frames()
        self._sending = asyncio.Lock()
        self._reading: asyncio.Task[bytes] | None = None
        self._lost: str | None = None
        self._when_lost: list[Callable[[], object]] = []

    @property
    def address(self) -> str:
        """Where the peer is now, as "ip:port", or ""."""
        return self._wire.address

    @property
    def is_lost(self) -> bool:
        """Whether the link is over."""
        return self._lost is not None

    async def send(self, frame: bytes) -> None:
        """Return once the transport has taken the frame; see `Link.send`."""
        data, start = write_frame(frame), 0
        async with self._sending:
            self._check()
            try:
                while start < len(data):
                    async with asyncio.timeout(self._patience):
                        start += await self._wire.write(data[start : start + PIECE + HEAD.size])
                self.sent += len(data)
            except TimeoutError as error:
                reason = f"The peer took nothing for {self._patience:g} seconds."
                raise self.lose(reason) from error
            except BaseException as error:
                # Part of a frame may be under way, and nothing sensible can follow it.
                self.lose(str(error) or "Sending was broken off.")
                raise

    async def receive(self) -> bytes:
        """Return the next frame; see `Link.receive`."""
        try:
            while (frame := self._frames.take()) is None:
                data = await self._read()
                self.received += len(data)
                self._frames.feed(data)
        except BadFrame as error:
            raise self.lose(f"The peer sent nonsense. {error}") from error
        except LinkLost as error:
            raise self.lose(str(error)) from error
        return frame

    async def _read(self) -> bytes:
        """Read in a task that outlives the caller, so that no bytes go with who is cancelled.

        Even of a link that is lost: what arrived before its end is still to be read.
        """
        if self._reading is None:
            self._reading = asyncio.create_task(self._wire.read(PIECE))
            self._reading.add_done_callback(_look_at)
        try:
            data = await asyncio.shield(self._reading)
        except Exception:
            # The error holds this frame, and with it the wire, for as long as the task holds it.
            self._reading = None
            raise
        self._reading = None
        return data

    async def close(self, reason: str) -> None:
        """End the link once what was sent has arrived; see `Link.close`."""
        if self._lost is None:
            try:
                async with asyncio.timeout(FAREWELL_SECONDS), self._sending:
                    await self._wire.finish()
            except (TimeoutError, LinkLost):
                pass  # It ends in any case.
            finally:
                self.lose(reason)

    def lose(self, reason: str) -> LinkLost:
        """End the link at once, and return what to raise, which says the first reason."""
        if self._lost is None:
            self._lost = reason
            self._wire.cut(reason)
            while self._when_lost:
                self._when_lost.pop()()
        return LinkLost(self._lost)

    def call_when_lost(self, call: Callable[[], object]) -> None:
        """Make this call when the link ends, however it does."""
        self._when_lost.append(call)

    def _check(self) -> None:
        if self._lost is not None:
            raise LinkLost(self._lost)


def _look_at(task: asyncio.Task[bytes]) -> None:
    """Look at how a read ended, since nobody may ever ask; its error says only that it is over."""
    if not task.cancelled():
        task.exception()
