"""Times by the reader's own clock, in the language of the page."""

import pytest

from tests.browser.modules import ask, ask_all

MOMENT = 1_798_758_300_000  # 2026-12-31T23:05Z
MINUTE = 60_000


@pytest.mark.parametrize(
    ("language", "zone", "told"),
    [
        ("en", "UTC", ("31 December 2026", "23", "05", "UTC")),
        ("en", "Europe/Paris", ("1 January 2027", "00", "05", "CET")),
        ("fr", "UTC", ("31 décembre 2026", "23", "05", "UTC")),
        ("fr", "Europe/Paris", ("1er janvier 2027", "0", "05", "UTC+1")),
        ("fr", "America/New_York", ("31 décembre 2026", "18", "05", "UTC\N{MINUS SIGN}5")),
    ],
)
def test_a_moment_is_told_in_the_readers_zone(
    language: str, zone: str, told: tuple[str, ...]
) -> None:
    parts = ask("moment", {"moment": MOMENT, "language": language, "zone": zone})
    assert (parts["day"], parts["hour"], parts["minute"], parts["zone"]) == told


def test_what_comes_within_a_day_says_how_long_it_still_is() -> None:
    rows = {
        (25, "en"): "in 25 minutes",
        (25, "fr"): "dans 25 minutes",
        (0.1, "en"): "in 1 minute",
        (60, "en"): "in 1 hour",
        (23 * 60, "en"): "in 23 hours",
        (24 * 60, "en"): "",
        (0, "en"): "",
        (-5, "en"): "",
    }
    asked = [
        {"moment": MOMENT + minutes * MINUTE, "now": MOMENT, "language": language}
        for minutes, language in rows
    ]
    assert ask_all("left", asked) == list(rows.values())


@pytest.mark.parametrize(
    ("moments", "turns"), [([], 0), (["2000"], 0), (["2000", "1000"], 1), (["999", "1000"], 1)]
)
def test_a_page_is_read_again_once_the_time_is_past_that_it_waits_until(
    moments: list[str], turns: int
) -> None:
    assert ask("turns", {"moments": moments, "now": 1_000}) == turns
