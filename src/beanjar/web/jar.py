"""The jar: one picture for every question, drawn as SVG from plain numbers.

Sealed, it is closed and clouded and shows how many beans are in it, nothing else. Open, the beans
lie in it as a dot histogram. All words come from the caller, in the reader's language. Colours are
`currentColor` and, by the classes `glass`, `lid`, `cloud`, `number`, `beans`, `own`, `mark` and a
mark's name, the stylesheet's. No style attribute and no script: the page's policy forbids both.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Literal

from msgspec import Struct

from beanjar.web.pile import FLOOR, LEFT, RIGHT, TOP, Beans, Pile

WIDTH, HEIGHT = 400, 344
EDGE = 10.0
"""Words so close to a wall begin or end there."""
ROW = 18
"""The height of a line of words under the jar."""

GLASS = (
    "M84 40V48C84 66 12 66 12 104V280Q12 304 36 304H364Q388 304 388 280V104C388 66 316 66 316 48V40"
)
DASHES = {"mean": "7 4", "median": "2 4"}
"""Lines differ in black and white too; one of another name, as the truth's, is drawn whole."""


class Caption(Struct, frozen=True):
    """What the picture is for those who do not see it. `name` is its own on the page."""

    title: str
    description: str
    name: str = "jar"


class Mark(Struct, frozen=True):
    """A marked line `at` a place in the unit of the edges; one beyond them stands at the wall."""

    name: str
    at: float
    label: str


def draw_jar(
    beans: Beans, caption: Caption, marks: Sequence[Mark] = (), own: float | None = None
) -> str:
    """Draw an open jar. `own` is the reader's answer, in the unit of the edges.

    Where only the reader's browser knows that, it moves the last bean of a pile into a path of its
    own: each pile says in `data-from` and `data-to` what lies in it.
    """
    pile = Pile(beans)
    size = pile.bean
    parts = [
        _draw_glass(),
        *_draw_piles(pile, own),
        _draw_beans("own", pile.own(own), size, ""),
        *(_draw_tick(pile.place(at), word) for at, word in beans.ticks),
        draw_word(WIDTH / 2, 60, beans.note) if beans.note else "",
        *_draw_marks(marks, pile),
    ]
    return frame(caption, HEIGHT + ROW * len(marks), parts)


def draw_sealed_jar(
    answers: str, caption: Caption, word: str, lid: Literal["on", "turning"] = "on"
) -> str:
    """Draw a closed jar with nothing but the number of answers, and a word under it."""
    turn = ' transform="rotate(-6 324 37)"' if lid == "turning" else ""
    number = f'text-anchor="middle" font-size="64" fill="currentColor">{escape(answers)}</text>'
    parts = [
        _draw_glass(),
        f'<path class="cloud" d="{GLASS}" fill="currentColor" fill-opacity=".12"/>',
        f'<path class="lid" d="M76 16H324V37H76Z" fill="currentColor"{turn}/>',
        f'<text class="number" x="{WIDTH // 2}" y="200" {number}',
        draw_word(WIDTH / 2, 232, word),
    ]
    return frame(caption, HEIGHT - ROW, parts)


def frame(caption: Caption, height: int, parts: Iterable[str]) -> str:
    """Return a whole picture of these parts, which hold no words that are not escaped."""
    name = escape(caption.name)
    return (
        f'<svg class="jar" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-labelledby="{name}-title {name}-description">'
        f'<title id="{name}-title">{escape(caption.title)}</title>'
        f'<desc id="{name}-description">{escape(caption.description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _draw_glass() -> str:
    return f'<path class="glass" d="{GLASS}" fill="none" stroke="currentColor" stroke-width="2"/>'


def _draw_piles(pile: Pile, own: float | None) -> Iterator[str]:
    for (start, end), dots in zip(pile.spans(), pile.others(own), strict=True):
        values = f'data-from="{_write(start)}" data-to="{_write(end)}"'
        yield _draw_beans("beans", dots, pile.bean, f'stroke-opacity=".55" {values}')


def _write(edge: float | None) -> str:
    return "" if edge is None else str(edge)


def _draw_beans(name: str, places: Iterable[tuple[float, float]], size: float, more: str) -> str:
    """Draw round dots as one path of strokes without length: a tenth of so many circles' bytes."""
    dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places)
    if not dots:
        return ""
    pen = f'stroke="currentColor" stroke-width="{size * 0.92:.2f}" stroke-linecap="round"'
    return f'<path class="{name}" d="{dots}" fill="none" {pen} {more}/>'


def _draw_marks(marks: Sequence[Mark], pile: Pile) -> Iterator[str]:
    """Draw each line, and under the jar which line is which: beside them, words would collide."""
    for row, mark in enumerate(marks):
        x, y = pile.place(mark.at), HEIGHT + ROW * row
        yield _draw_line(mark.name, f"M{x:.1f} {TOP - 16:.0f}V{FLOOR + 10:.0f}")
        yield _draw_line(mark.name, f"M{LEFT:.0f} {y}h40")
        yield draw_word(LEFT + 50, y + 4, mark.label, "start")


def _draw_line(name: str, path: str) -> str:
    dashes = f' stroke-dasharray="{DASHES[name]}"' if name in DASHES else ""
    pen = f'stroke="currentColor" stroke-width="2"{dashes}'
    return f'<path class="mark {escape(name)}" d="{path}" fill="none" {pen}/>'


def _draw_tick(x: float, word: str) -> str:
    """Draw a word under the floor, within the picture however long it is."""
    if x < LEFT + EDGE:
        return draw_word(LEFT - 12, FLOOR + 22, word, "start")
    if x > RIGHT - EDGE:
        return draw_word(RIGHT + 12, FLOOR + 22, word, "end")
    return draw_word(x, FLOOR + 22, word)


def draw_word(x: float, y: float, word: str, anchor: str = "middle") -> str:
    """Return a word at a place, as small as those under the jar."""
    return (
        f'<text x="{x:.1f}" y="{y:.0f}" text-anchor="{anchor}" font-size="13" '
        f'fill="currentColor">{escape(word)}</text>'
    )
