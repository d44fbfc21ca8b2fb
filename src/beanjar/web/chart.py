"""What charts are drawn of: axes across, lines, and where a share of each way lies."""

from collections.abc import Iterator, Sequence

from beanjar.web.jar import draw_word

LEFT, RIGHT, TOP, BOTTOM = 56.0, 380.0, 34.0, 262.0
"""Between what charts are drawn, in their own unit."""
CHART_HEIGHT = 304


def draw_axes(ticks: Sequence[tuple[float, str]]) -> Iterator[str]:
    """Yield a line across at each tick, with its word at the left."""
    for part, word in ticks:
        y = up(part)
        yield draw_line([(LEFT, y), (RIGHT, y)], 'stroke-opacity=".3"')
        yield draw_word(LEFT - 8, y + 4, word, "end")


def draw_line(places: Sequence[tuple[float, float]], more: str) -> str:
    """Return a line through these places; `more` are attributes of how it is drawn."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline points="{path}" fill="none" stroke="currentColor" {more}/>'


def across(part: float) -> float:
    """Return where a share of the way from left to right lies."""
    return LEFT + part * (RIGHT - LEFT)


def up(part: float) -> float:
    """Return where a share of the way up lies."""
    return BOTTOM - part * (BOTTOM - TOP)
