"""What became of something that was said, in words: sent, then safe."""

from beanjar.client.spoken import Spoken
from beanjar.main.moments import write_moment


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
