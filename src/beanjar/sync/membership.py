"""What nodes say to one another about who is there, in a space that both carry."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from beanjar.base.limits import (
    ADDRESS_CHARACTERS,
    ADDRESSES_TOLD,
    CARD_NEIGHBOURS,
    NODE_ADDRESSES,
    WALK,
)
from beanjar.sync.messages import About, Name, Number, Short

Address = Annotated[
    str, Meta(min_length=1, max_length=ADDRESS_CHARACTERS, pattern=r"\A[^\x00-\x1f\x7f]*\Z")
]
"""Without line feeds, by which addresses are joined where a card is signed."""


class Card(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What a node says of itself in one space, and signs, see `beanjar.sync.secrecy.sign_card`.

    Where it can be reached; by the beginnings of their keys, its neighbours; how many operations
    its logs hold, and the beginning of the digest of its trie. `time` is ms, by its own clock.
    """

    node: Name
    addresses: Annotated[tuple[Address, ...], Meta(max_length=NODE_ADDRESSES)]
    time: Number
    neighbours: Annotated[tuple[Short, ...], Meta(max_length=CARD_NEIGHBOURS)]
    operations: Number
    root: Short
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


Need = Literal["join", "high", "low"]
SomeCards = Annotated[tuple[Card, ...], Meta(max_length=ADDRESSES_TOLD)]
Path = Annotated[tuple[Short, ...], Meta(max_length=WALK)]
Steps = Annotated[int, Meta(ge=0, le=WALK)]


class Cards(About, frozen=True, tag="cards"):
    """Nodes that carry the space."""

    cards: SomeCards


class Near(About, frozen=True, tag="near"):
    """Asks to be a neighbour in the space: as who has just come, needs one, or could do without."""

    need: Need


class Far(About, frozen=True, tag="far"):
    """The receiver is no neighbour in the space, or no longer; these might be."""

    cards: SomeCards


class Newcomer(About, frozen=True, tag="newcomer"):
    """Somebody has just come; whoever has them with no steps left makes them a neighbour."""

    card: Card
    steps: Steps


class Shuffle(About, frozen=True, tag="shuffle"):
    """Some that the sender knows, on their way to somebody who answers with some others.

    `path` are those on the way so far, by the beginnings of their keys, so that the answer finds
    back.
    """

    steps: Steps
    path: Path
    cards: SomeCards


class Shuffled(About, frozen=True, tag="shuffled"):
    """The answer to a shuffle; `path` is what is left of the way back."""

    path: Path
    cards: SomeCards
