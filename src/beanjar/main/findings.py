"""What is not as it could be on a node that runs, and what to do about it."""

from collections.abc import Iterator

from msgspec import Struct

from beanjar.client.records import Health, SpaceHealth
from beanjar.main.peers import MEET_SOMEBODY, NOBODY, write_size
from beanjar.main.questions import SHORT
from beanjar.main.reachability import Reached
from beanjar.node.standing import SpaceStanding, Standing


class Finding(Struct, frozen=True):
    """Something that is not as it could be, and what to do about it."""

    finding: str
    advice: str


def find_in(health: Health) -> Iterator[Finding]:
    """Yield what a node's keeper can see from what it tells."""
    yield from _find_lonely(health.standing)
    for each in health.spaces:
        yield from _find_behind(each, _standing_of(each.space, health.standing))


def _standing_of(space: str, standing: Standing | None) -> SpaceStanding | None:
    spaces = standing.spaces if standing else []
    return next((each for each in spaces if each.space == space), None)


def _find_lonely(standing: Standing | None) -> Iterator[Finding]:
    if standing is None:
        yield Finding(
            "Your node speaks with no other nodes.",
            "Start it without --alone; if you did, it said why when it started.",
        )
    elif not standing.neighbours:
        yield Finding(NOBODY, MEET_SOMEBODY)


def find_relays(reached: Reached) -> Iterator[Finding]:
    """Yield the relays that a node may use and has not reached, if it has reached none."""
    if any(each.reached for each in reached.relays):
        return
    for each in reached.relays:
        yield Finding(
            f"The relay {each.url} has not been reached.",
            "Check its address, and whether this machine may connect to it.",
        )


def _find_behind(each: SpaceHealth, standing: SpaceStanding | None) -> Iterator[Finding]:
    if not each.name:
        yield Finding(
            f"Nothing of the space {each.space[:SHORT]} is here yet.",
            "Ask whoever gave you the ticket whether their node is up; yours goes on trying.",
        )
        return
    if each.quota.full:
        size = write_size(each.quota.used)
        yield Finding(
            f"“{each.name}” takes {size}, more than it may: your node carries it no further.",
            f"Give it more room: beanjar space quota {each.space[:SHORT]} SIZE. Or leave it: "
            f"beanjar space leave {each.space[:SHORT]} --erase.",
        )
    if standing is not None and standing.coming:
        yield Finding(
            f"“{each.name}”: {standing.coming:,} entries are on their way.",
            "Wait a little; how far they are is shown by: beanjar peers.",
        )
    if each.bodies:
        yield Finding(
            f"“{each.name}”: of {each.bodies:,} entries it is not here what they say.",
            "Your node asks every neighbour for it; perhaps whoever has it is away.",
        )
    for question in each.waiting:
        people = ", ".join(question.waiting_for)
        yield Finding(
            f"“{question.title}” in “{each.name}” waits for the node of {people}.",
            f"If it lasts, ask {people} to start it: beanjar up.",
        )
