"""What two neighbours call the spaces that they carry, on one connection."""

from collections.abc import Sequence

from beanjar.base.limits import SPACES
from beanjar.sync.secrecy import name_space


class Names:
    """Each names its own in its order, by tags that only who knows a space can tell.

    The place of a tag in that order is the number by which its sender speaks of the space.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._count = 0
        self._numbers: dict[bytes, int] = {}
        self._tags: dict[bytes, bytes] = {}
        self._expected: dict[bytes, bytes] = {}
        self._theirs: list[bytes] = []
        self._named: set[bytes] = set()

    def name(
        self, spaces: Sequence[bytes], own: bytes, peer: bytes, nonces: tuple[bytes, bytes]
    ) -> tuple[bytes, ...]:
        """Return the tags by which the node with key `own`, and nonce first, names more."""
        ours, theirs = nonces
        new = [space for space in spaces if space not in self._tags][: SPACES - self._count]
        for space in new:
            self._numbers[space] = self._count
            self._count += 1
            expected = name_space(space, peer, theirs, ours)
            self._expected[expected], self._tags[space] = space, expected
        return tuple(name_space(space, own, ours, theirs) for space in new)

    def leave(self, space: bytes) -> int | None:
        """Name a space no more; return the number that it had, if it was named.

        If it is named again, it has another.
        """
        if space not in self._tags:
            return None
        del self._expected[self._tags.pop(space)]
        return self._numbers[space]

    def hear(self, tags: Sequence[bytes]) -> bool:
        """Take the peer's names of spaces; say whether they are few enough."""
        if len(self._theirs) + len(tags) > SPACES:
            return False
        self._theirs += tags
        self._named.update(tags)
        return True

    def shared(self) -> list[bytes]:
        """Return the spaces that both have named, in the order in which we named them."""
        return [space for tag, space in self._expected.items() if tag in self._named]

    def has(self, space: bytes) -> bool:
        """Say whether both have named the space."""
        return self._tags.get(space) in self._named

    def number(self, space: bytes) -> int:
        """Return by which number we speak of a space that we have named."""
        return self._numbers[space]

    def space(self, number: int) -> bytes | None:
        """Return the space that the peer means, if we carry it and have named it too."""
        return self._expected.get(self._theirs[number]) if number < len(self._theirs) else None
