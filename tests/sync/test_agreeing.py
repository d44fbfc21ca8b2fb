"""However replicas come to differ, and however the network behaves, they end equal."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from beanjar.base.ids import ZERO
from beanjar.ops.log import EMPTY, Head, head_of
from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey
from beanjar.testing.people import make_key
from tests.ops.logs import write_log
from tests.seeded import seeded
from tests.sync.world import FAIR, FOUL, Weather, World

FOUNDER = make_key("founder")


def found(name: str = "table") -> list[Operation]:
    return write_log([name.encode()], key=FOUNDER, space=ZERO)


def write(
    key: SigningKey, space: bytes, length: int, word: str = "word", head: Head = EMPTY
) -> list[Operation]:
    """Return what a device says after `head`: so many operations."""
    bodies = [f"{word} {n}".encode() for n in range(length)]
    return write_log(bodies, key=key, space=space, head=head)


def make_world(names: str, chance: Random, weather: Weather = FAIR) -> tuple[World, bytes]:
    """Return a world in which every node carries one space."""
    world, founding = World(chance, weather), found()
    for name in names:
        world.add(name).say(founding[0].id, *founding)
    return world, founding[0].id


def assert_equal(world: World, space: bytes) -> None:
    first, *others = world.members
    for other in others:
        assert other.root(space) == first.root(space)
        assert other.shelf.ids_of(space) == first.shelf.ids_of(space)
        assert other.shelf.forks[space].keys() == first.shelf.forks[space].keys()


class Difference(Struct, frozen=True):
    """What two replicas hold of a log: so much that is common, then so much that each has more.

    With `forked` each has something else after what is common.
    """

    common: int
    left: int
    right: int
    forked: bool


differences = st.lists(
    st.builds(
        Difference, st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.booleans()
    ),
    max_size=12,
)


def spread(world: World, space: bytes, differences: list[Difference]) -> None:
    """Let two replicas differ so."""
    for place, each in enumerate(differences):
        key = make_key(f"device {place}")
        common = write(key, space, each.common)
        head = head_of(common[-1]) if common else EMPTY
        for member, more in zip(world.members, (each.left, each.right), strict=True):
            word = f"on {member.key.hex()}" if each.forked else "more"
            run = [*common, *write(key, space, more, word, head)]
            if run:
                member.say(space, *run)


@given(differences=differences, weather=st.sampled_from([FAIR, FOUL]), seed=st.integers())
def test_two_replicas_with_any_differences_end_equal(
    differences: list[Difference], weather: Weather, seed: int
) -> None:
    world, space = make_world("ab", seeded(f"{seed}"), weather)
    spread(world, space, differences)
    world.connect_all()
    world.run(10)
    with world.calm():
        world.run(70)
    assert_equal(world, space)
