"""Two crowds that guessed the weight of an animal, a century apart."""

import csv
from decimal import Decimal

from beanjar.wisdom.averages import mean, median
from beanjar.wisdom.diversity import split_error
from beanjar.wisdom.ranks import beats_share
from beanjar.wisdom.tally import Tally
from tests.data_files import data_file

POUND = 10**9  # so that the finest guess at the cow, 948361848 billionths, is a whole number
COW = 1355 * POUND


def read_column(name: str, column: str) -> list[Decimal]:
    with data_file(name).open(encoding="utf-8") as lines:
        return [Decimal(row[column]) for row in csv.DictReader(lines)]


def read_cow_guesses() -> list[int]:
    return [int(guess * POUND) for guess in read_column("planetmoney_cow/guesses.csv", "guess_lb")]


def test_seventeen_thousand_guesses_at_a_cow_average_near_its_weight() -> None:
    guesses = read_cow_guesses()
    assert len(guesses) == 17_184
    assert round(float(mean(guesses) / POUND), 1) == 1287.1
    assert median(guesses) == 1245 * POUND


def test_the_mean_guess_at_the_cow_beats_nine_people_in_ten() -> None:
    assert round(float(beats_share(read_cow_guesses(), COW)), 3) == 0.893


def test_the_theorem_holds_for_the_cow_to_the_last_digit() -> None:
    split = split_error(read_cow_guesses(), COW)
    assert split.crowd == split.individual - split.diversity
    assert split.crowd < split.individual / 50


def test_a_tally_of_the_cow_agrees_with_the_plain_figures() -> None:
    guesses = read_cow_guesses()
    tally = Tally.of(guesses)
    assert (tally.mean, tally.median) == (mean(guesses), median(guesses))


def test_the_middle_of_galtons_nineteen_centiles_is_his_middlemost_guess() -> None:
    estimates = [int(estimate) for estimate in read_column("galton/VoxPopuli.csv", "estimate")]
    assert len(estimates) == 19
    assert median(estimates) == 1207


def test_galtons_centiles_lie_as_far_from_the_middlemost_as_he_printed() -> None:
    name = "galton/VoxPopuli.csv"
    centiles, estimates = read_column(name, "quantile"), read_column(name, "estimate")
    middlemost = median([int(estimate) for estimate in estimates])
    rows = zip(centiles, estimates, read_column(name, "observed"), strict=True)
    differing = {centile for centile, guess, printed in rows if int(guess) - middlemost != printed}
    assert differing == {90, 95}  # see SOURCE.md beside the data
