"""Panels with quotas: as fair as can be, and the same for whoever repeats the draw."""

import csv
from collections import Counter
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.sortition.drawing import draw_panel, mix_seed, order_by_lot
from beanjar.wisdom.sortition.fairness import TICKETS, Lottery, find_lottery
from beanjar.wisdom.sortition.programme import maximize
from beanjar.wisdom.sortition.quotas import Pool, Quota
from tests.data_files import data_file


def name(count: int) -> list[bytes]:
    return [f"person {number}".encode() for number in range(count)]


def read_example(folder: str, seats: int) -> Pool:
    where = f"sortition/data/{folder}"
    with data_file(f"{where}/categories.csv").open(encoding="utf-8", newline="") as file:
        quotas = [
            Quota(row["category"], row["feature"], int(row["min"]), int(row["max"]))
            for row in csv.DictReader(file)
        ]
    with data_file(f"{where}/respondents.csv").open(encoding="utf-8", newline="") as file:
        return Pool.of(list(csv.DictReader(file)), quotas, seats)


@pytest.mark.parametrize(
    ("folder", "seats"), [("example_small_20", 20), ("example_large_200", 200)]
)
def test_in_the_published_examples_everybody_is_as_likely_as_anybody(
    folder: str, seats: int
) -> None:
    pool = read_example(folder, seats)
    assert find_lottery(pool).lottery.smallest_chance(pool) == Fraction(1, 10)


def street(women: int, men: int, seats: int, least: int) -> Pool:
    people = [{"gender": "woman"}] * women + [{"gender": "man"}] * men
    quotas = [Quota("gender", "woman", least, seats), Quota("gender", "man", least, seats)]
    return Pool.of(people, quotas, seats)


def test_quotas_make_those_likelier_of_whom_there_are_few_and_no_more_than_needed() -> None:
    pool = street(2, 18, 4, 2)
    lottery = find_lottery(pool).lottery
    assert lottery.panels == ((2, 2),)
    assert lottery.chances(pool) == (Fraction(1, 9), Fraction(1))
    assert lottery.smallest_chance(pool) == Fraction(1, 9)


people = st.lists(
    st.fixed_dictionaries({"a": st.sampled_from("xyz"), "b": st.sampled_from("uv")}),
    min_size=4,
    max_size=8,
)


@given(people, st.integers(2, 4), st.integers(0, 1), st.integers(2, 3))
def test_no_other_lottery_is_fairer_and_each_panel_fits(
    crowd: list[dict[str, str]], seats: int, least: int, most: int
) -> None:
    features = [("a", each) for each in "xyz"] + [("b", each) for each in "uv"]
    quotas = [Quota(*each, least, most) for each in features]
    pool = Pool.of(crowd, quotas, seats)
    kinds = {place: kind for kind, each in enumerate(pool.kinds.values()) for place in each}
    panels = set()
    for chosen in combinations(range(len(crowd)), seats):
        counts = Counter(kinds[place] for place in chosen)
        panel = tuple(counts[kind] for kind in range(len(pool.kinds)))
        if pool.fits(panel):
            panels.add(panel)
    if not panels:
        with pytest.raises(NoFigure, match="No panel fits"):
            find_lottery(pool)
        return
    lottery = find_lottery(pool).lottery
    lottery.check(pool)
    assert set(lottery.panels) <= panels
    assert sum(lottery.tickets) == TICKETS
    sizes = np.array([len(each) for each in pool.kinds.values()])
    chances = (np.array(sorted(panels)) / sizes).T
    table = np.vstack((np.column_stack((chances, -np.ones(len(sizes)))), [1] * len(panels) + [0]))
    low = np.array([0.0] * len(sizes) + [1])
    found = maximize(
        np.array([0.0] * len(panels) + [1]),
        (np.zeros(len(panels) + 1), np.ones(len(panels) + 1)),
        table,
        (low, np.where(low == 0, np.inf, low)),
    )
    assert found is not None
    # Rounding to tickets may cost each panel one of them.
    lost = len(lottery.panels) / TICKETS
    assert float(lottery.smallest_chance(pool)) >= found.values[-1] - lost
    assert abs(find_lottery(pool).bound - found.values[-1]) < 1e-6


def test_where_everybody_is_drawn_everybody_is_sure_to_be() -> None:
    pool = street(2, 1, 3, 0)
    found = find_lottery(pool)
    assert found.lottery.smallest_chance(pool) == 1
    assert found.bound == 1


def test_two_kinds_that_exclude_one_another_share_the_chance() -> None:
    quotas = [Quota("a", "x", 0, 1), Quota("a", "y", 0, 1), Quota("a", "z", 1, 1)]
    pool = Pool.of([{"a": "x"}, {"a": "y"}, {"a": "z"}], quotas, 2)
    assert find_lottery(pool).lottery.chances(pool) == (Fraction(1, 2), Fraction(1, 2), Fraction(1))


def test_what_is_drawn_fits_the_quotas_and_follows_from_the_seed() -> None:
    pool = street(10, 30, 8, 3)
    lottery = find_lottery(pool).lottery
    panels = {draw_panel(pool, name(40), lottery, bytes([seed])) for seed in range(50)}
    assert len(panels) == 50
    for panel in panels:
        women = sum(place < 10 for place in panel)
        assert (len(panel), 3 <= women <= 5) == (8, True)
    assert draw_panel(pool, name(40), lottery, b"\x07") in panels


def test_people_are_drawn_as_often_as_the_lottery_says() -> None:
    pool = street(2, 6, 4, 1)
    lottery = find_lottery(pool).lottery
    seeds = [number.to_bytes(2) for number in range(2_000)]
    drawn = Counter(place for seed in seeds for place in draw_panel(pool, name(8), lottery, seed))
    assert all(abs(drawn[place] / 2_000 - 0.5) < 0.05 for place in range(8))


def test_replacements_come_in_the_order_of_the_lot() -> None:
    pool = street(10, 30, 8, 3)
    panel = draw_panel(pool, name(40), find_lottery(pool).lottery, b"seed")
    women = order_by_lot(tuple(range(10)), name(40), b"seed")
    drawn = [place for place in panel if place < 10]
    assert set(women[: len(drawn)]) == set(drawn)


def test_a_seed_takes_in_every_secret_and_who_gave_it() -> None:
    secrets = {b"ada": b"1", b"ben": b"2"}
    seeds = {
        mix_seed(each)
        for each in (
            secrets,
            {b"ada": b"2", b"ben": b"1"},
            {b"ada": b"1"},
            {b"ad": b"a1"},
            {b"a": b"da1"},
        )
    }
    assert len(seeds) == 5
    assert mix_seed(dict(reversed(secrets.items()))) in seeds


@pytest.mark.parametrize(
    ("lottery", "message"),
    [
        (Lottery((), ()), "from 1 to"),
        (Lottery(((1, 1),), (1, 1)), "each with tickets"),
        (Lottery(((1, 1),), (0,)), "a ticket or more"),
        (Lottery(((1, 1),), (2**257,)), "at most"),
        (Lottery(((2, 0),), (1,)), "Panel 1"),
        (Lottery(((1, 1, 0),), (1,)), "Panel 1"),
    ],
)
def test_a_lottery_that_does_not_fit_is_refused(lottery: Lottery, message: str) -> None:
    with pytest.raises(NoFigure, match=message):
        draw_panel(street(3, 3, 2, 1), name(6), lottery, b"seed")


def test_people_and_quotas_that_do_not_fit_are_refused() -> None:
    woman = Quota("gender", "woman", 0, 2)
    for crowd, quotas, seats, message in (
        ([{"gender": "woman"}], [woman], 2, "cannot be drawn"),
        ([{"gender": "man"}], [woman], 1, "“man” for gender"),
        ([{}], [woman], 1, "Person 1"),
        ([{"gender": "woman"}], [Quota("gender", "woman", 0, 10**400)], 1, "at most 100,000"),
        ([{"gender": "woman"}], [woman, woman], 1, "one quota"),
        ([{"gender": "woman"}], [Quota("gender", "woman", 2, 1)], 1, "not more than its most"),
    ):
        with pytest.raises(NoFigure, match=message):
            Pool.of(crowd, quotas, seats)
    pool = street(1, 1, 1, 0)
    lottery = find_lottery(pool).lottery
    with pytest.raises(NoFigure, match="name of their own"):
        draw_panel(pool, [b"a", b"a"], lottery, b"seed")
