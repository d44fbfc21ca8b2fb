"""Every part of the pages in every state, for whoever makes pages or looks for what is wrong.

The values are fixed; the parts are the macros and pictures that all pages are made of.
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise
from math import comb
from random import Random
from typing import Literal

import segno
from litestar import Response
from markupsafe import Markup
from msgspec import Struct

from beanjar.base.clock import MINUTE
from beanjar.node.network import Copies, Left, NetworkView, NodeSeen
from beanjar.space.closing_view import ClosingFacts, Stage, State, WitnessView
from beanjar.web.door import Call
from beanjar.web.jar import Caption, Mark, draw_jar, draw_sealed_jar
from beanjar.web.language import Speaker
from beanjar.web.network_pictures import draw_network, draw_survival
from beanjar.web.overview import QuestionLine
from beanjar.web.pile import Beans, answers_per_bean
from beanjar.web.refusals import SENTENCES
from beanjar.web.site import page
from beanjar.web.writing import speaker_for, write_page
from beanjar.wisdom.resilience.outlook import look_over

CLOSES = 1_800_000_000_000
STAGES: tuple[Stage, ...] = (
    "asked",
    "never opened",
    "open",
    "closing",
    "settled",
    "opened",
    "void",
)
NAMES = {"aa": "Ada", "bb": "Ben", "cc": "Cal", "dd": "\u05d3\u05df"}
"""Some people by their keys; one is written from right to left."""
TITLE = "How many beans are in the jar?"
PURPOSE = (
    "To find out *together* what nobody knows.\n\n- by **guessing**, each for themselves\n"
    "- by [counting](https://example.org/count)\n\n> Together you are closer."
)
LINK = "http://kitchen.local:2326/s/" + "5b" * 32
WORDS = ["abandon"] * 23 + ["art"]
"""Those of nobody: 32 bytes of zeros."""
LEVELS = 20
PICTURED = {"answers": 17_184, "mean": 871, "truth": 850}


class Picture(Struct, frozen=True):
    """A jar, as SVG, and the state of its question."""

    state: State
    svg: str


@page("/kit")
async def show_kit(request: Call) -> Response[bytes]:
    """Show every part that pages are made of, in every state."""
    shown = {
        "called": NAMES.__getitem__,
        "lines": [_line(each) for each in STAGES],
        "asked": _facts("asked", ["cc", "dd"]),
        "closing": _facts("closing", ["dd"]),
        "pictures": list(_draw_jars(speaker_for(request))),
        "networks": list(_draw_networks(speaker_for(request))),
        "square": Markup(segno.make_qr(LINK).svg_inline(border=2, omitsize=True)),  # noqa: S704 - nobody wrote it
        "link": LINK,
        "purpose": PURPOSE,
        "spelled": WORDS,
        "counted": PICTURED,
    }
    return write_page(request, "showcase.html", shown)


@page("/kit/arriving")
async def show_arriving(request: Call) -> Response[bytes]:
    """Show what stands in place of a space that has not arrived."""
    return write_page(request, "arriving.html", {"connected": 2})


@page("/kit/not-found")
async def show_not_found(request: Call) -> Response[bytes]:
    """Show what stands where nothing is."""
    return write_page(request, "refused.html", {"status": 404, "sentence": SENTENCES[404]})


@page("/kit/refused")
async def show_refused(request: Call) -> Response[bytes]:
    """Show what stands where something is not possible."""
    return write_page(request, "refused.html", {"status": 405, "sentence": SENTENCES[405]})


def _line(state: Stage) -> QuestionLine:
    return QuestionLine("", "", TITLE, state, CLOSES, 56)


def _facts(state: State, late: list[str]) -> ClosingFacts:
    witnesses = [WitnessView(each, each if each not in late else None) for each in NAMES]
    return ClosingFacts(
        state=state,
        reason="",
        asker="aa",
        asked=CLOSES - 10 * MINUTE,
        closes=CLOSES,
        sealed=True,
        open=None,
        roll=None,
        witnesses=witnesses,
        quorum=3,
        answers=56,
        void=0,
        waiting_for=late,
    )


def _draw_jars(speaker: Speaker) -> Iterator[Picture]:
    yield Picture("open", _draw_sealed("sealed", 56, "on", speaker))
    yield Picture("closing", _draw_sealed("closing", 56, "turning", speaker))
    yield Picture("void", _draw_sealed("void", 0, "on", speaker))
    for answers in (12, 400, PICTURED["answers"]):
        yield Picture("opened", _draw_open(answers, speaker))
    caption = Caption(speaker.say("The open jar"), _count(20, speaker), "choices")
    ticks = [(0.5, "A"), (1.5, "B"), (2.5, "C")]
    yield Picture("opened", draw_jar(Beans(range(4), [9, 4, 7], ticks=ticks), caption))


def _draw_networks(speaker: Speaker) -> Iterator[str]:
    """Draw two rings on one link, whole and without an end of that link, and how they fall."""
    for name, lost in (("whole-network", ""), ("lessened-network", "03")):
        yield draw_network(_make_network(lost), speaker, name)
    yield draw_survival(_make_network("").outlook.curve, speaker)


def _make_network(lost: str) -> NetworkView:
    keys = [f"{number:02}" for number in range(8)]
    ends = [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4), (4, 5), (5, 6), (6, 7), (4, 7)]
    links = tuple((keys[one], keys[other]) for one, other in ends)
    near = {keys[1], keys[3]}
    nodes = tuple(
        NodeSeen(each, (), each in near, CLOSES, lately=True, operations=12, holds="all")
        for each in keys
    )
    outlook = look_over(keys[0], keys, links, Random(0), without=lost or None)  # noqa: S311 - a picture
    left = Left(outlook.loss, None) if outlook.loss else None
    return NetworkView("", keys[0], 12, nodes, links, Copies(8, 8, CLOSES), outlook, left)


def _draw_sealed(name: str, answers: int, lid: Literal["on", "turning"], speaker: Speaker) -> str:
    caption = Caption(speaker.say("A closed jar"), _count(answers, speaker), name)
    word = speaker.count("answer", "answers", answers)
    return draw_sealed_jar(speaker.number(answers), caption, word, lid)


def _draw_open(answers: int, speaker: Speaker) -> str:
    """Draw so many guesses, spread as coins fall, with the reader's own among them."""
    paths = accumulate((comb(LEVELS - 1, k) for k in range(LEVELS)), initial=0)
    fallen = [round(answers * each / 2 ** (LEVELS - 1)) for each in paths]
    counts = [after - before for before, after in pairwise(fallen)]
    several = answers_per_bean(answers)
    note = speaker.say("one bean is %(several)s answers", several=speaker.number(several))
    edges = range(0, 87 * (LEVELS + 1), 87)
    ends = [(edge, speaker.number(edge)) for edge in (edges[0], edges[-1])]
    beans = Beans(edges, counts, ticks=ends, note=note if several > 1 else "")
    mean, truth = (speaker.number(PICTURED[each]) for each in ("mean", "truth"))
    marks = [
        Mark("mean", 871, f"{speaker.say('mean')} {mean}"),
        Mark("truth", 850, speaker.say("truth: %(truth)s", truth=truth)),
    ]
    caption = Caption(speaker.say("The open jar"), _count(answers, speaker), f"jar-{answers}")
    return draw_jar(beans, caption, marks, own=700)


def _count(answers: int, speaker: Speaker) -> str:
    return speaker.count("%(num)s answer in it.", "%(num)s answers in it.", answers)
