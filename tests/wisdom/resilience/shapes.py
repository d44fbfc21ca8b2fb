"""Networks that one knows by sight, and small ones at random."""

from hypothesis import strategies as st

from beanjar.lab.baran import lattice
from beanjar.wisdom.resilience.network import Network
from tests.seeded import seeded

Links = list[tuple[int, int]]


def shape(size: int, links: Links) -> Network[int]:
    return Network.of(range(size), links)


def star(size: int) -> Network[int]:
    return shape(size, [(0, other) for other in range(1, size)])


def path(size: int) -> Network[int]:
    return shape(size, [(it, it + 1) for it in range(size - 1)])


def ring(size: int) -> Network[int]:
    return shape(size, [(it, (it + 1) % size) for it in range(size)])


def full(size: int) -> Network[int]:
    return shape(size, [(one, other) for one in range(size) for other in range(one)])


def tree(size: int) -> Network[int]:
    return shape(size, [(it, (it - 1) // 2) for it in range(1, size)])


def star_of_stars(stars: int, leaves: int) -> Network[int]:
    hubs = [1 + star * (leaves + 1) for star in range(stars)]
    spokes = [(hub, hub + leaf) for hub in hubs for leaf in range(1, leaves + 1)]
    return shape(1 + stars * (leaves + 1), [(0, hub) for hub in hubs] + spokes)


def windmill(sails: int) -> Network[int]:
    spokes = [(0, other) for other in range(1, 2 * sails + 1)]
    return shape(2 * sails + 1, spokes + [(it, it + 1) for it in range(1, 2 * sails, 2)])


def square(side: int) -> Network[tuple[int, int]]:
    return lattice(2, side)


def linked_with_eight(size: int) -> Network[int]:
    """Return a network of four rings through all, each in an order of its own."""
    chance, links = seeded(f"eight each of {size}"), []
    for _ in range(4):
        order = list(range(size))
        chance.shuffle(order)
        links += [(order[it - 1], order[it]) for it in range(size)]
    return shape(size, links)


@st.composite
def networks(draw: st.DrawFn, smallest: int = 1, largest: int = 12) -> Network[int]:
    size = draw(st.integers(smallest, largest))
    place = st.integers(0, size - 1)
    return shape(size, draw(st.lists(st.tuples(place, place), max_size=2 * size)))
