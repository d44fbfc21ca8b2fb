"""What happens to an exchange, and what it asks of its host."""

from msgspec import Struct

from beanjar.ops.fork import ForkProof
from beanjar.sync.messages import HeldBody, Message, Push
from beanjar.sync.trie import Entry


class Came(Struct, frozen=True):
    """A connection with a peer (its key) stands. `nonce` is 32 bytes of chance for it.

    `dialled` says whether it was this node that dialled, `address` where the peer is seen, if that
    is known, and `range` in which range of addresses, see `beanjar.net.addresses.find_range`.
    """

    peer: bytes
    nonce: bytes
    dialled: bool = False
    range: str = ""
    address: str = ""


class Went(Struct, frozen=True):
    """The connection with a peer has ended."""

    peer: bytes


class Missed(Struct, frozen=True):
    """A node that was to be dialled could not be reached."""

    peer: bytes


class Heard(Struct, frozen=True):
    """A peer said something."""

    peer: bytes
    message: Message


class Sending(Struct, frozen=True):
    """Bytes have come from a peer since the last tick, but no whole message with them."""

    peer: bytes


class Carries(Struct, frozen=True):
    """This node carries a further space; a ticket may say by key where nodes are that have it."""

    space: bytes
    nodes: tuple[tuple[bytes, tuple[str, ...]], ...] = ()


class Leaves(Struct, frozen=True):
    """This node carries a space no further, for now or for good."""

    space: bytes


class Took(Struct, frozen=True):
    """Operations of one log are on the disk: those that were new as a run, if any were.

    `entry` is how far the log is held now, if that has changed, and `last` the id of the last
    operation, `arrival` its place in the order of this node. `peer` said it, or nobody, if it came
    in at the door. `fork` is a proof that is new here.
    """

    space: bytes
    key: bytes
    last: bytes
    entry: Entry | None = None
    arrival: int = 0
    run: bytes = b""
    fork: ForkProof | None = None
    peer: bytes | None = None
    push: Push | None = None


class Unlinked(Struct, frozen=True):
    """A peer's run did not follow what is held of a log; it began at `seq`."""

    peer: bytes
    space: bytes
    key: bytes
    seq: int


class TookPush(Struct, frozen=True):
    """All that a peer pushed under this number is on the disk."""

    peer: bytes
    number: int


class Tick(Struct, frozen=True):
    """Time has passed."""


Event = (
    Came | Went | Missed | Heard | Sending | Carries | Leaves | Took | Unlinked | TookPush | Tick
)  # fmt: skip


class TakeRuns(Struct, frozen=True):
    """Take in these runs, in their order; `push` is what brought them, if that is a push."""

    peer: bytes
    space: bytes
    runs: tuple[bytes, ...]
    push: Push | None = None


class TakeFork(Struct, frozen=True):
    """Take in this proof."""

    peer: bytes
    space: bytes
    proof: bytes


class TakeBody(Struct, frozen=True):
    """Take in this body, if it is wanted and fits."""

    peer: bytes
    space: bytes
    held: HeldBody


class TakeAlone(Struct, frozen=True):
    """Take in this operation, which was asked for by its id."""

    peer: bytes
    space: bytes
    operation: bytes


class TakeChunk(Struct, frozen=True):
    """Take in this chunk, if it is wanted."""

    peer: bytes
    space: bytes
    content: bytes


class Dial(Struct, frozen=True):
    """Make a connection with a node at one of these addresses, or say that it was `Missed`."""

    peer: bytes
    addresses: tuple[str, ...]


class SeenAt(Struct, frozen=True):
    """A peer sees this node at an address, as it says."""

    peer: bytes
    address: str


class Holds(Struct, frozen=True):
    """A peer has on its disk an operation that it was pushed (by id), or all up to an arrival."""

    peer: bytes
    space: bytes
    id: bytes | None = None
    arrival: int = 0


class Vouches(Struct, frozen=True):
    """A peer holds nothing of this node's own log that is not here."""

    peer: bytes
    space: bytes


class Drop(Struct, frozen=True):
    """Let this peer go."""

    peer: bytes
    reason: str


Output = (
    TakeRuns | TakeFork | TakeBody | TakeAlone | TakeChunk | Dial | SeenAt | Holds | Vouches
    | Drop
)  # fmt: skip
