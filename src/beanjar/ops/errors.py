"""Why an operation or a run of them is refused. Each error says it in a sentence."""

from beanjar.base.errors import BeanjarError


class Refused(BeanjarError):
    """An operation that no node may take, wherever and whenever it arrives."""


class Malformed(Refused):
    """Bytes that are not what they claim to be."""


class BrokenChain(Refused):
    """Headers that do not follow one another, or that do not follow what is already here."""


class BadSignature(Refused):
    """A signature that does not fit what it stands under."""


class Forked(BeanjarError):
    """Two operations of one log stand at the same place. Carries what proves it."""

    def __init__(self, seq: int) -> None:
        """Name the place `seq`, counted from 0, at which the log has two successors."""
        super().__init__(
            f"This device's log has two different entries at place {seq + 1}. Nothing that it "
            "says from there on counts. Go on with a new device."
        )
        self.seq = seq
