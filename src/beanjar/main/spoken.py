"""What became of something that was said, as data and in words: sent, then safe."""

from msgspec import Struct

from beanjar.main.moments import write_moment


class Spoken(Struct, frozen=True):
    """What became of what was said: its ids (hex), and what is still to be sent of the log.

    `held_until` is ms, where the node waits because this machine's clock is ahead of its own. What
    was sent is on that node's disk. `neighbours` carry the space too; `others` nodes are known to
    have it on their disks as well, which are enough for it to be `safe`, or not yet.
    """

    space: str
    ids: list[str]
    unsent: int
    held_until: int | None = None
    neighbours: int = 0
    others: int = 0
    safe: bool = False


def say_sent(spoken: Spoken) -> str:
    """Say in a sentence or two what became of what was said."""
    if spoken.held_until is not None:
        return (
            "Your clock is ahead of the node's. It lets this in at "
            f"{write_moment(spoken.held_until)}; it is kept on this machine until then."
        )
    if spoken.unsent:
        return (
            f"No node answers. It is kept on this machine, {spoken.unsent} to send: it goes out "
            "with your next command."
        )
    if not spoken.neighbours:
        return "Sent."  # there is no second node, and saying so each time helps nobody
    return " ".join(["Sent. It is on your node's disk.", *_say_who_else(spoken)])


def _say_who_else(spoken: Spoken) -> list[str]:
    have = "1 other node has" if spoken.others == 1 else f"{spoken.others} other nodes have"
    if spoken.safe:
        return [f"Safe: {have} it too."]
    return [f"So far {have} it too."] if spoken.others else []
