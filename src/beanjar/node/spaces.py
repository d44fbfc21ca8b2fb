"""The spaces that a node carries: their views are kept warm, and whoever follows is told."""

from collections.abc import Callable, Sequence

from beanjar.base.clock import Clock
from beanjar.base.errors import BeanjarError
from beanjar.fold.statement import Statement
from beanjar.node.carried import Carried
from beanjar.node.changes import Change, Changes
from beanjar.node.intake import Taken
from beanjar.node.writing import Feed, Source
from beanjar.ops.fork import ForkProof
from beanjar.ops.operation import Operation
from beanjar.space.tool import Tool
from beanjar.store import Store


class UnknownSpace(BeanjarError):
    """A space that this node does not carry."""


class Spaces:
    """The spaces of one node. Their ids have 32 bytes."""

    def __init__(self, store: Store, tools: Sequence[Tool], clock: Clock) -> None:
        """Read spaces from the store, each at the first look at it."""
        self.warm: dict[bytes, Carried] = {}
        """The spaces that have been looked at."""
        self.changes = Changes()
        self._store = store
        self._tools = tools
        self._clock = clock
        self._followers: list[Feed] = []
        self._readers: list[Callable[[bytes, Carried], None]] = []
        self._noticing: list[Callable[[bytes, Statement], None]] = []

    def follow(self, follower: Feed) -> None:
        """Tell `follower` of all that is taken in from now on, once it is added up."""
        self._followers.append(follower)

    def notice(self, noticing: Callable[[bytes, Statement], None]) -> None:
        """Tell `noticing` of every statement that is added up from now on."""
        self._noticing.append(noticing)

    def carry(self, space: bytes) -> Carried:
        """Return a space, read from the store if this is the first look at it.

        Raises `UnknownSpace`.
        """
        if space not in self.warm:
            if space not in self._store.spaces():
                raise UnknownSpace("This node does not carry that space.")
            self.warm[space] = Carried(space, self._tools, self._store)
        return self.warm[space]

    def leave(self, space: bytes) -> None:
        """Forget a space, and let whoever looks at it look anew."""
        self.warm.pop(space, None)
        self.changes.tell(Change(space.hex(), None))

    def feed(self, space: bytes, taken: Taken, source: Source | None) -> None:
        """Add up what has been written, and tell of it."""
        carried = self.carry(space)
        if taken.fork is not None:
            carried.space.cut(taken.fork)
        for said in carried.feed(taken.new, self._clock.now()):
            self._tell(space, carried, said)
        for operation in taken.restored:
            self.feed_apart(space, operation)
        for follower in self._followers:
            follower(space, taken, source)

    def feed_fork(self, proof: ForkProof, source: Source) -> None:
        """Let nothing of a log count from the fork on, and tell of it."""
        taken = Taken(proof.left[0], forked_at=proof.seq, fork=proof)
        self.feed(proof.space, taken, source)
        self.changes.tell(Change(proof.space.hex(), None))

    def feed_apart(self, space: bytes, operation: Operation) -> None:
        """Add up an operation that came by itself, or whose body has come later."""
        carried = self.carry(space)
        said = carried.feed_apart(operation)
        if said is not None:
            self._tell(space, carried, said)

    def _tell(self, space: bytes, carried: Carried, said: Statement) -> None:
        for notice in self._noticing:
            notice(space, said)
        self.changes.tell(Change(space.hex(), carried.space.subject_of(said)))
