"""What an overlay wants done."""

from msgspec import Struct

from beanjar.sync.membership import Far, Near, Newcomer, Shuffle, Shuffled

Membership = Near | Far | Newcomer | Shuffle | Shuffled


class Say(Struct, frozen=True):
    """Tell a neighbour, or one that just was."""

    peer: bytes
    message: Membership


class Reach(Struct, frozen=True):
    """Have this node as a neighbour, by dialling it if need be."""

    peer: bytes
    addresses: tuple[str, ...]


Acts = list[Say | Reach]
