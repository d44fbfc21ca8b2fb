"""A node that carries a space no further falls silent about it, and may take it up again."""

import pytest

from beanjar.ops.operation import Operation
from beanjar.sync import events, messages
from beanjar.sync.codec import read_message
from beanjar.testing.people import make_key
from tests.seeded import seeded
from tests.sync.test_agreeing import assert_equal, make_world, write
from tests.sync.world import FAIR, FOUL, Member, Weather, World

UNANSWERED = {messages.Push, messages.Root, messages.Ping, messages.Pong}
GREETINGS = {messages.Hello, messages.Spaces}
"""What is said on a new connection, as the last has ended that served no space any more."""
"""What is said while one of two neighbours has left their only space."""


Logs = dict[bytes, list[Operation]]


def leave(member: Member, space: bytes) -> Logs:
    """Let a node carry a space no further; return what it holds of it."""
    held = member.shelf.logs.pop(space)
    member.handle(events.Leaves(space))
    assert space not in member.shelf.logs
    return held


def take_up(member: Member, space: bytes, held: Logs) -> None:
    member.shelf.logs[space] = held
    member.handle(events.Carries(space))


def say(world: World, space: bytes, name: str) -> None:
    """Let somebody speak at the first node."""
    world.members[0].say(space, *write(make_key(name), space, 3))


def test_nothing_is_said_or_heard_any_more_about_a_space_that_was_left() -> None:
    world, space = make_world("ab", seeded("silence"))
    world.connect_all()
    with world.holding_back():  # so that much waits to be sent when the space is left
        for place, member in enumerate(world.members):
            member.say(space, *write(make_key(f"before {place}"), space, 3))
        leave(world.members[1], space)
    world.run(5)
    world.said.clear()
    say(world, space, "after")
    world.run(120)
    assert world.said
    assert {type(read_message(each)) for each in world.said} <= UNANSWERED | GREETINGS
    assert space not in world.members[1].shelf.logs
    assert not world.members[1].exchange.sharing(space)


@pytest.mark.parametrize("weather", [FAIR, FOUL])
def test_a_space_that_is_taken_up_again_is_agreed_on_again(weather: Weather) -> None:
    world, space = make_world("abc", seeded("again"), weather)
    world.connect_all()
    for word in ("one", "two", "three"):
        held = leave(world.members[1], space)
        world.run(20)
        say(world, space, word)
        world.run(20)
        take_up(world.members[1], space, held)
        world.run(20)
    with world.calm():
        world.run(120)
    assert_equal(world, space)


def test_what_was_left_is_not_named_to_who_comes_later() -> None:
    world, space = make_world("ab", seeded("later"))
    leave(world.members[1], space)
    world.connect_all()
    world.run(60)
    assert not world.members[0].exchange.sharing(space)
