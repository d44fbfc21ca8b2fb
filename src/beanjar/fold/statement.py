"""What folds are fed: an operation whose author is known and whose body means something."""

import msgspec

from beanjar.ops.body import Body

Stamp = tuple[int, int, str]


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One thing that a person said, in the words of JSON: ids and keys are lower-case hex.

    `cut` says that the device's log was forked or revoked before this: it counts no more, except
    in what stands alone.
    """

    id: str
    device: str
    person: str
    seq: int
    time: int
    body: Body
    cut: bool = False

    @property
    def stamp(self) -> Stamp:
        """What orders statements that compete: claimed time, then seq, then id; the highest wins.

        A claimed time cannot run ahead for long, since nodes hold what is not yet due.
        """
        return (self.time, self.seq, self.id)
