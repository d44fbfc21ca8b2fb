"""The pictures of a network: its nodes on a ring, and how it falls apart as they are lost."""

from collections.abc import Iterator, Mapping, Sequence
from math import cos, pi, sin

from beanjar.base.limits import NODES_DRAWN
from beanjar.node.network import Link, NetworkView
from beanjar.web.chart import (
    BOTTOM,
    CHART_HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    across,
    draw_axes,
    draw_line,
    up,
)
from beanjar.web.jar import Caption, draw_word, frame
from beanjar.web.language import Speaker
from beanjar.web.network_kinds import write_share
from beanjar.web.network_words import walk
from beanjar.wisdom.resilience.network import Network
from beanjar.wisdom.resilience.outlook import Point

SIZE = 400
"""How wide and high the ring's picture is, in its own unit."""
MIDDLE, RADIUS, NUMBERS = SIZE / 2, 150.0, 172.0
"""Where nodes stand around the middle, and their numbers."""
LEAST_NODE, MOST_NODE = 3.5, 9.0
THOUSAND = 1000
DASHED = 'stroke-dasharray="7 4"'


def draw_network(view: NetworkView, speaker: Speaker, name: str = "network-picture") -> str:
    """Draw the nodes that count on a ring, each with its number; nothing if they are too many.

    This node is a square, its neighbours are filled, all others are rings. A node that is taken
    away is a cross; whoever is cut off without it is dotted.
    """
    order = walk(view)
    if len(order) > NODES_DRAWN:
        return ""
    places = {key: _place(at, len(order), RADIUS) for at, key in enumerate(order)}
    lost = view.left.loss.node if view.left else ""
    caption = Caption(
        speaker.say("The network"),
        speaker.count(
            "%(num)s node, and %(links)s links between them.",
            "%(num)s nodes, and %(links)s links between them.",
            len(order),
            links=speaker.number(len(view.links)),
        ),
        name,
    )
    parts = [
        *(_draw_link(each, places, lost) for each in view.links),
        *_draw_nodes(view, places, lost),
        *_draw_numbers(len(order), speaker),
    ]
    return frame(caption, SIZE, parts)


def draw_survival(curve: Sequence[Point], speaker: Speaker, name: str = "survival-picture") -> str:
    """Draw which share of all nodes still hangs together, as ever more of them are lost."""
    size = curve[-1].lost
    ticks = [(part, write_share(int(part * THOUSAND), speaker)) for part in (0, 0.5, 1)]
    lines = [
        [
            (across(each.lost / size), up(share / THOUSAND))
            for each, share in zip(curve, shares, strict=True)
        ]
        for shares in (
            [each.at_random.mean for each in curve],
            [each.by_degree.mean for each in curve],
        )
    ]
    caption = Caption(
        speaker.say("How the network withstands loss"),
        speaker.say("The share of all nodes that still hang together, as ever more are lost."),
        name,
    )
    parts = [
        *draw_axes(ticks),
        draw_line([(LEFT, TOP), (RIGHT, BOTTOM)], 'stroke-opacity=".3" stroke-dasharray="2 4"'),
        draw_line(lines[0], 'stroke-width="2.5" stroke-linejoin="round"'),
        draw_line(lines[1], f'stroke-width="2.5" stroke-linejoin="round" {DASHED}'),
        draw_word(LEFT, TOP - 16, speaker.say("still hang together"), "start"),
        *(draw_word(across(part), BOTTOM + 18, word) for part, word in ticks),
        draw_word(RIGHT, BOTTOM + 36, speaker.say("of all nodes are lost"), "end"),
        *_draw_key(speaker),
    ]
    return frame(caption, CHART_HEIGHT + 36, parts)


def _draw_key(speaker: Speaker) -> Iterator[str]:
    """Draw which line is which."""
    words = [speaker.say("lost at random"), speaker.say("those with most links lost first")]
    for row, (word, more) in enumerate(zip(words, ("", DASHED), strict=True)):
        y = BOTTOM + 54 + 18 * row
        yield draw_line([(LEFT, y), (LEFT + 40, y)], f'stroke-width="2.5" {more}')
        yield draw_word(LEFT + 50, y + 4, word, "start")


def _place(at: int, many: int, radius: float) -> tuple[float, float]:
    """Return where one of so many stands on a ring, from its top on with the clock."""
    turn = 2 * pi * at / many
    return MIDDLE + radius * sin(turn), MIDDLE - radius * cos(turn)


def _draw_link(link: Link, places: Mapping[str, tuple[float, float]], lost: str) -> str:
    more = 'stroke-opacity=".25" stroke-dasharray="2 4"' if lost in link else 'stroke-opacity=".5"'
    return draw_line([places[each] for each in link], more)


def _draw_nodes(
    view: NetworkView, places: Mapping[str, tuple[float, float]], lost: str
) -> Iterator[str]:
    size = max(LEAST_NODE, min(MOST_NODE, RADIUS * pi / len(places) * 0.7))
    near = {each.key for each in view.nodes if each.neighbour}
    adrift = _find_adrift(view, lost)
    for key, (x, y) in places.items():
        if key == lost:
            yield _draw_cross(x, y, size)
        elif key == view.me:
            yield _draw_square(x, y, size, dotted=key in adrift)
        else:
            yield _draw_ring(x, y, size, filled=key in near, dotted=key in adrift)


def _find_adrift(view: NetworkView, lost: str) -> set[str]:
    """Return who hangs together with the largest part only through a node."""
    if not lost:
        return set()
    counted = [each.key for each in view.nodes if each.lately]
    network = Network.of(counted, view.links)
    place = counted.index(lost)
    together = next(each for each in network.parts() if place in each)
    left = [each for each in network.parts([place]) if set(each) <= set(together)]
    return {counted[each] for part in left[1:] for each in part}


def _draw_cross(x: float, y: float, size: float) -> str:
    return (
        f'<path class="lost" d="M{x - size:.1f} {y - size:.1f}l{2 * size:.1f} {2 * size:.1f}'
        f'm0 {-2 * size:.1f}l{-2 * size:.1f} {2 * size:.1f}" fill="none" '
        'stroke="currentColor" stroke-width="2.5"/>'
    )


def _draw_square(x: float, y: float, size: float, *, dotted: bool) -> str:
    return (
        f'<rect {_fill(filled=True, dotted=dotted)} x="{x - size:.1f}" y="{y - size:.1f}" '
        f'width="{2 * size:.1f}" height="{2 * size:.1f}"/>'
    )


def _draw_ring(x: float, y: float, size: float, *, filled: bool, dotted: bool) -> str:
    return (
        f'<circle {_fill(filled=filled, dotted=dotted)} cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
    )


def _fill(*, filled: bool, dotted: bool) -> str:
    """Return how a node is drawn. A hollow one covers what runs behind it, see the stylesheet."""
    dots = ' stroke-dasharray="2 2"' if dotted else ""
    if filled and not dotted:
        return 'class="beans" fill="currentColor" stroke="currentColor" stroke-width="2"'
    return f'class="beans hollow" fill="none" stroke="currentColor" stroke-width="2"{dots}'


def _draw_numbers(many: int, speaker: Speaker) -> Iterator[str]:
    for at in range(many):
        x, y = _place(at, many, NUMBERS)
        yield draw_word(x, y + 4, speaker.number(at + 1))
