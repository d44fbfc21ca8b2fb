"""The network of a space on its page: two nodes see one another, and one is taken away to try."""

from collections.abc import Callable

import pytest

from beanjar.main.demo.process import NodeProcess
from tests.journeys.neighbours import carry
from tests.journeys.traveller import Traveller

ONLY = "This node holds the only copy of the space that it knows of."
TWO = "Two nodes hold this space. Either of them may vanish, and nothing is lost."
LEFT = "What is left would be too small to be of any kind."


@pytest.mark.parametrize("setting", ["phone-en"], indirect=True)
def test_two_nodes_see_one_another_and_try_to_do_without(
    start_node: Callable[[str], NodeProcess], travel: Callable[[str], Traveller]
) -> None:
    home, other, ada, ben = start_node("home"), start_node("other"), travel("Ada"), travel("Ben")
    space = ada.found(home.url, "The market")
    ada.click("footer", ada.say("The network, and what it withstands"))
    ada.see("#network", ada.say(ONLY))
    ada.look()
    carry(other, home, space.rsplit("/", 1)[-1])
    ada.see("#network", ada.say(TWO))
    ada.see("#network th", ada.say("a neighbour"))
    ben.go(ada.address.replace(home.url, other.url))
    ben.see("#network", ben.say(TWO))
    ada.page.get_by_text(ada.say("Take this away")).last.click()
    ada.see("#network", ada.say(LEFT))
    ada.look(theme="dark")
    ada.click("main", ada.say("Put it back"))
    ada.see("main:not(:has(#left))")
