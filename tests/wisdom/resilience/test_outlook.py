import msgspec
import pytest

from beanjar.base.limits import CUT_NODES_TOLD, CUT_OFF_NAMED
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.resilience.outlook import (
    CURVE_STEPS,
    CutNode,
    CutOff,
    Outlook,
    Share,
    look_over,
)
from tests.seeded import seeded

BARBELL = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d")]


def look(me: str, links: list[tuple[str, str]], without: str | None = None) -> Outlook:
    nodes = {node for link in links for node in link}
    return look_over(me, nodes, links, seeded("a look"), without=without)


def star(size: int) -> list[tuple[str, str]]:
    return [("hub", f"leaf{number:03}") for number in range(1, size)]


def test_two_triangles_on_one_link_hang_on_it_and_on_its_ends() -> None:
    outlook = look("a", BARBELL)
    assert (outlook.nodes, outlook.links, outlook.apart) == (6, 7, 0)
    assert outlook.bridges == (("c", "d"),)
    assert outlook.cut_nodes == 2
    assert outlook.worst == (
        CutNode("c", CutOff(2, me=True, names=("a", "b"))),
        CutNode("d", CutOff(2, me=False, names=("e", "f"))),
    )
    assert outlook.loss is None


def test_whoever_looks_sees_whether_they_would_be_cut_off() -> None:
    cut_off = {each.node: each.cut_off for each in look("f", BARBELL).worst}
    assert cut_off["c"] == CutOff(2, me=False, names=("a", "b"))
    assert cut_off["d"] == CutOff(2, me=True, names=("f", "e"))


def test_without_a_node_there_is_what_is_left_and_who_is_cut_off() -> None:
    loss = look("a", BARBELL, without="d").loss
    assert loss is not None
    assert (loss.before, loss.after, loss.share) == (6, 3, 600)
    assert loss.cut_off.names == ("e", "f")


def test_losing_oneself_or_all_there_is_can_be_tried() -> None:
    alone = look_over("a", ["a"], [], seeded("a look"), without="a")
    assert alone.loss is not None
    assert (alone.kind.name, alone.loss.before, alone.loss.after) == ("small", 1, 0)


def test_only_a_node_that_is_known_can_be_taken_away() -> None:
    with pytest.raises(NoFigure, match="z is not among the nodes"):
        look("a", BARBELL, without="z")


def test_a_node_that_hangs_on_nothing_is_apart_and_leaves_the_kind_as_it_is() -> None:
    outlook = look_over("a", "abcdefg", BARBELL, seeded("a look"))
    assert (outlook.nodes, outlook.apart) == (7, 1)
    assert outlook.kind == look("a", BARBELL).kind


def test_a_star_is_told_as_centralized_with_the_figures_that_say_why() -> None:
    outlook = look("leaf001", star(11))
    kind = outlook.kind
    assert (kind.name, kind.nodes, kind.best_linked) == ("centralized", 11, 10)
    assert (kind.without_it, kind.lost) == (100, 2)
    assert kind.by_degree == Share(111, 0)
    assert outlook.centralization == 1000


def test_the_curve_leads_from_all_to_nobody() -> None:
    for size in (2, 5, 50):
        curve = look("hub", star(size)).curve
        assert len(curve) == min(size, CURVE_STEPS) + 1
        assert (curve[0].lost, curve[0].at_random, curve[0].by_degree.mean) == (
            0,
            Share(1000, 0),
            1000,
        )
        assert (curve[-1].lost, curve[-1].at_random, curve[-1].by_degree.mean) == (
            size,
            Share(0, 0),
            0,
        )


def test_no_more_is_named_than_there_is_room_for() -> None:
    outlook = look("hub", star(200))
    assert outlook.worst[0].cut_off.many == 198
    assert len(outlook.worst[0].cut_off.names) == CUT_OFF_NAMED
    line = [(f"{number:03}", f"{number + 1:03}") for number in range(99)]
    assert look("000", line).cut_nodes == 98
    assert len(look("000", line).worst) == CUT_NODES_TOLD


def test_it_is_the_same_in_whatever_order_nodes_and_links_are_known() -> None:
    turned = [(b, a) for a, b in reversed(BARBELL)]
    one = look_over("b", "abcdef", BARBELL, seeded("a look"), without="e")
    other = look_over("b", "fedcba", turned, seeded("a look"), without="e")
    assert msgspec.json.encode(one) == msgspec.json.encode(other)
