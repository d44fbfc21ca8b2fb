"""One neighbour: what it and we have named to each other, and what waits to be sent to it."""

from collections import deque
from collections.abc import Iterator, Sequence

from beanjar.base.limits import (
    ASKED_AT_ONCE,
    CONFIRM_WITHIN,
    IDLE,
    MESSAGE_FOR,
    OVERLAY_BURST,
    OVERLAY_EVERY,
    PING_EVERY,
    PUSHES_WAITING,
    REPLIES_WAITING,
    REPLY_BYTES_WAITING,
    SAID_BYTES_WAITING,
    SAID_WAITING,
    SILENT_FOR,
)
from beanjar.ops.fork import ForkProof, write_fork
from beanjar.sync.allowance import Allowance
from beanjar.sync.codec import write_message
from beanjar.sync.events import Drop, Output
from beanjar.sync.laziness import Laziness
from beanjar.sync.messages import About, Fork, Got, Message, Ping
from beanjar.sync.naming import Names
from beanjar.sync.packed import Waiting
from beanjar.sync.pushes import Pushed, Pushes
from beanjar.sync.secrecy import mix_salt, shorten


class Peer:
    """What is known of one connection. `key` is the peer's node key, `nonce` ours."""

    def __init__(
        self, key: bytes, nonce: bytes, now: int, range_: str = "", *, dialled: bool = False
    ) -> None:
        """Begin a connection at `now` (ms), with who is in this range of addresses."""
        self.key = key
        self.nonce = nonce
        self.range = range_
        self.dialled = dialled
        # It stirs when bytes come of a message that is not whole yet.
        self.heard = self.stirred = self.pinged = self.served = self.reckoned = now
        self.far: set[bytes] = set()
        """Spaces that both carry, and in which they are no neighbours."""
        self.allowance = Allowance(OVERLAY_BURST, OVERLAY_EVERY, now)
        self.behind: set[bytes] = set()
        """Spaces in which something was not pushed, because too much was waiting."""
        self.roots: dict[bytes, tuple[bytes, int]] = {}
        """The root that we said last, by space, and up to which arrival it stands for all."""
        self.lazy = Laziness()
        self.is_let_go = False
        """Whether nothing more is said to it, or heard of it."""
        self._their_nonce = b""
        self._names = Names()
        self._silent: set[int] = set()  # spaces that we left; one that comes back is a new number
        self._forks: deque[ForkProof] = deque()
        self._said: Waiting[Message] = Waiting()
        self._replies: Waiting[Iterator[Message]] = Waiting()
        self._pushes = Pushes()
        self._got: list[int] = []
        self._replies_next = False

    def greet(self, nonce: bytes) -> None:
        """Take the peer's nonce."""
        self._their_nonce = nonce
        self.salt = mix_salt(self.nonce, nonce)

    @property
    def is_greeted(self) -> bool:
        """Whether the peer has said hello."""
        return bool(self._their_nonce)

    @property
    def shared(self) -> list[bytes]:
        """The spaces in which both are neighbours, in the order in which we named them."""
        return [space for space in self._names.shared() if space not in self.far]

    def shares(self, space: bytes) -> bool:
        """Say whether both are neighbours in the space."""
        return self._names.has(space) and space not in self.far

    def gets_news(self, space: bytes) -> bool:
        """Say whether what is new in a space is told it at once."""
        return self.shares(space) and space not in self.lazy.spaces

    def names(self, space: bytes) -> bool:
        """Say whether both have named the space."""
        return self._names.has(space)

    def name(self, own: bytes, spaces: Sequence[bytes]) -> tuple[bytes, ...]:
        """Return the tags by which we, with the node key `own`, name further spaces."""
        return self._names.name(spaces, own, self.key, (self.nonce, self._their_nonce))

    def leave(self, space: bytes) -> None:
        """Say and hear nothing more of a space; the peer is not told, and learns no more of it."""
        number = self._names.leave(space)
        if number is not None:
            self._silent.add(number)
            self.behind.discard(space)
            self.lazy.leave(space)
            self.roots.pop(space, None)

    def hear_names(self, tags: Sequence[bytes]) -> bool:
        """Take the peer's names of spaces; say whether they are few enough."""
        return self._names.hear(tags)

    def number(self, space: bytes) -> int:
        """Return by which number we speak of a space that we have named."""
        return self._names.number(space)

    def space(self, number: int) -> bytes | None:
        """Return the space that the peer means, if we carry it and have named it too."""
        return self._names.space(number)

    def attend(self, now: int) -> str | None:
        """Ask for a sign of life where it is time; return why the peer is to be let go, if so."""
        if self.shared:
            self.served = now
        if now - max(self.heard, self.stirred) >= SILENT_FOR:
            return "It was silent for too long."
        if now - self.heard >= MESSAGE_FOR:
            return "It took too long for one message."
        if now - self.served >= IDLE:
            return "There is no space for which this connection is needed."
        if now - self.reckoned >= CONFIRM_WITHIN:
            self.reckoned = now
            self.behind |= self._pushes.give_up()
        if now - self.pinged >= PING_EVERY:
            self.pinged = now
            self.say(Ping(now))
        return None

    def let_go(self, reason: str) -> list[Output]:
        """Let the peer go, once; nothing that it says until its connection has ended is heard."""
        if self.is_let_go:
            return []
        self.is_let_go = True
        return [Drop(self.key, reason)]

    def shorten(self, digest: bytes) -> bytes:
        """Return what stands for a digest on this connection."""
        return shorten(self.salt, digest)

    def say(self, message: Message) -> None:
        """Let a small message be sent before anything that waits."""
        self._said.add(message, len(write_message(message)))

    def tell_fork(self, proof: ForkProof) -> None:
        """Let a proof be sent before all else. It is written only then: proofs are long."""
        self._forks.append(proof)

    def reply(self, messages: Iterator[Message], size: int) -> None:
        """Let messages be made, one after the other, as the connection takes them.

        Until then they keep so many bytes in memory. What is too much is passed over: what a peer
        does not get, it asks for again, and the next comparison begins from what it has by then.
        """
        if self._replies.size + size <= REPLY_BYTES_WAITING:
            self._replies.add(messages, size)

    def push(self, pushed: Pushed) -> None:
        """Let a run be pushed, or remember that the peer is behind."""
        if not self._pushes.add(pushed):
            self.behind.add(pushed.space)

    def got(self, number: int) -> None:
        """Let the peer know that what it pushed is on our disk."""
        self._got.append(number)

    def confirm(self, numbers: Sequence[int]) -> list[tuple[bytes, bytes]]:
        """Return (space, id) of what we pushed under these numbers, once."""
        return self._pushes.confirm(numbers)

    @property
    def is_overrun(self) -> bool:
        """Whether the peer makes us keep more for it than it reads."""
        return (
            len(self._replies) > REPLIES_WAITING
            or len(self._forks) > REPLIES_WAITING
            or len(self._said) > SAID_WAITING
            or self._said.size > SAID_BYTES_WAITING
            or len(self._got) > PUSHES_WAITING
        )

    @property
    def is_waited_for(self) -> bool:
        """Whether there is something to send."""
        waiting = (
            self._forks or self._said or self._got or self._pushes.are_waiting or self._replies
        )
        return bool(waiting) and not self.is_let_go

    def next_message(self) -> Message | None:
        """Return what is to be sent next. Pushes and replies take turns."""
        while (message := self._next()) is not None:
            if not isinstance(message, About) or message.space not in self._silent:
                return message
        return None

    def _next(self) -> Message | None:
        if self.is_let_go:
            return None
        if self._forks:
            proof = self._forks.popleft()
            return Fork(self.number(proof.space), write_fork(proof))
        return self._next_short() or self._next_long()

    def _next_short(self) -> Message | None:
        if self._said:
            return self._said.take()
        if self._got:
            numbers, self._got = self._got[:ASKED_AT_ONCE], self._got[ASKED_AT_ONCE:]
            return Got(tuple(numbers))
        return None

    def _next_long(self) -> Message | None:
        self._replies_next = not self._replies_next
        if self._pushes.are_waiting and not (self._replies_next and self._replies):
            return self._pushes.next(self.number)
        return self._next_reply()

    def _next_reply(self) -> Message | None:
        while self._replies:
            messages, _ = self._replies[0]
            message = next(messages, None)
            if message is not None:
                return message
            self._replies.take()
        return self._pushes.next(self.number) if self._pushes.are_waiting else None
