"""Whom a browser draws as witnesses: the same as the terminal would."""

import msgspec
import pytest

from beanjar.space.drawing import draw
from beanjar.space.offers import Offered
from tests.browser.modules import ask
from tests.space.test_drawing import make_offers

SEED = bytes(range(32))


@pytest.mark.parametrize(("most", "count"), [(7, 7), (4, 4), (1, 1)])
def test_a_browser_draws_as_the_terminal_does(most: int, count: int) -> None:
    offers = make_offers(9)
    about = {"offers": msgspec.to_builtins(offers), "carrier": "ca" * 32}
    drawn = ask("draw", {"before": SEED.hex(), "about": about, "most": most})
    assert tuple(drawn) == draw(SEED, offers, count)


def test_where_nobody_offers_the_nodes_own_device_witnesses() -> None:
    none: list[Offered] = []
    about = {"offers": none, "carrier": "ca" * 32}
    assert ask("draw", {"before": SEED.hex(), "about": about, "most": 7}) == ["ca" * 32]
