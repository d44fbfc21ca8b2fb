"""The page of the network of a space: what it is like, and what is left without a node."""

from collections.abc import Iterator

from litestar import Response
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from beanjar.node.network import NetworkView, NodeSeen
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, door_of
from beanjar.web.language import Speaker
from beanjar.web.network import look
from beanjar.web.network_kinds import write_sample
from beanjar.web.network_pictures import draw_network, draw_survival
from beanjar.web.network_words import FEW, NetworkWords
from beanjar.web.site import page, present, shared
from beanjar.web.writing import speaker_for
from beanjar.wisdom.resilience.outlook import TRIALS
from beanjar.wisdom.resilience.survival import EXACT_UP_TO


class Row(Struct, frozen=True):
    """A node in the table: its number on the ring (0 if it does not count), and what it is."""

    number: int
    node: NodeSeen
    standing: str
    holding: str
    linked: list[int]
    """The numbers of those that it is linked with."""


class PointRow(Struct, frozen=True):
    """After so many losses: which shares of all nodes still hang together."""

    lost: int
    at_random: str
    by_degree: str


class NetworkPage(Struct, frozen=True):
    """What the page shows; `without` says what is left, if a node was to be taken away.

    How it falls apart is a mean over so many `trials`, or over all there can be if they are 0.
    """

    kind: list[str]
    weakness: list[str]
    copies: list[str]
    without: str
    left: list[str]
    picture: str
    rows: list[Row]
    survival: str
    points: list[PointRow]
    trials: int


@page("/network", "/network.json")
async def show_network(
    request: Call, space: FromPath[str], without: FromQuery[str] = ""
) -> Response[bytes]:
    """Show who carries the space, what their network withstands, and what it is without a node."""
    here = door_of(request).node.space(read_id(space))
    known = shared(here)  # raises NotFounded
    view = await look(request, read_id(space), without)
    speaker = speaker_for(request)
    return present(
        request,
        view,
        "network.html",
        lambda: known | {"page": put_in_words(view, without, speaker)},
    )


def put_in_words(view: NetworkView, without: str, speaker: Speaker) -> NetworkPage:
    """Return what the page of a network shows."""
    words, is_few = NetworkWords(view, speaker), view.copies.nodes <= FEW
    return NetworkPage(
        kind=words.kind(),
        weakness=[] if is_few else words.weakness(),
        copies=words.copies(),
        without=words.call(without) if without else "",
        left=words.left() if without else [],
        picture=draw_network(view, speaker) if view.copies.nodes > 1 else "",
        rows=list(_make_rows(view, words)),
        survival="" if is_few else draw_survival(view.outlook.curve, speaker),
        points=[
            PointRow(
                each.lost,
                write_sample(each.at_random, speaker),
                write_sample(each.by_degree, speaker),
            )
            for each in view.outlook.curve
        ],
        trials=0 if view.outlook.kind.nodes <= EXACT_UP_TO else TRIALS,
    )


def _make_rows(view: NetworkView, words: NetworkWords) -> Iterator[Row]:
    """Yield the nodes as they stand on the ring, then those that do not count."""
    numbers = words.numbers
    linked: dict[str, list[int]] = {each.key: [] for each in view.nodes}
    for one, other in view.links:
        linked[one].append(numbers[other])
        linked[other].append(numbers[one])
    for node in sorted(view.nodes, key=lambda each: numbers.get(each.key, len(view.nodes) + 1)):
        yield Row(
            number=numbers.get(node.key, 0),
            node=node,
            standing=words.standing(node),
            holding=words.holding(node),
            linked=sorted(linked[node.key]),
        )
