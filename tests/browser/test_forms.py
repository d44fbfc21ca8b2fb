"""How a form reads what somebody types."""

from typing import Any

import pytest

from tests.browser.modules import Thrown, ask, ask_all

Control = dict[str, Any]

READ = {
    ("en", 1): {"1,287.5": 12875, "1287.5": 12875, "-3": -30, "1 287": 12870, "\u22125": -50},
    ("fr", 1): {"1 287,5": 12875, "1\u202f287,5": 12875, "1287.5": 12875, "-3": -30},
    ("en", 3): {"1,287": 1287000, "1.287": 1287},
    ("fr", 3): {"1,287": 1287, "1287": 1287000},
}
REFUSED = {
    ("en", 0): ["", "many", "1.5", "1,2875", "12,87", "1.287,5", "1e3", "0x10", "9" * 16],
    ("fr", 1): ["1,287", "1.287,5", "1,2,3", "1 287,55"],
}


def test_a_number_is_read_as_the_language_writes_it() -> None:
    for (language, decimals), rows in READ.items():
        more = {"decimals": decimals, "language": language}
        assert ask_all("decimal", [{"words": each} | more for each in rows]) == [*rows.values()]


def test_what_could_be_meant_otherwise_is_no_number() -> None:
    for (language, decimals), rows in REFUSED.items():
        more = {"decimals": decimals, "language": language}
        answers = ask_all("decimal", [{"words": each} | more for each in rows])
        assert answers == [None] * len(rows), dict(zip(rows, answers, strict=True))


def chosen(name: str, value: str, **more: object) -> Control:
    return {"name": name, "type": "radio", "value": value, "checked": True, **more}


def number(name: str, value: str, **more: object) -> Control:
    return {"name": name, "value": value, "is": "number", "why": f"{name} does not fit.", **more}


def share(value: str) -> Control:
    more = {"is": "part", "low": "0", "high": "100", "whole": "100"}
    return number("choice.shares[]", value, **more)


RANGE = {
    "together": "choice.low choice.high",
    "apart": "Say both.",
    "rising": "choice.low choice.value choice.high",
    "falling": "It lies between.",
}


def test_a_form_says_what_is_chosen_in_it_and_no_default() -> None:
    controls = [
        {"name": "title", "value": " Which? "},
        {"name": "details", "value": "  "},
        chosen("kind.is", "choice"),
        chosen("kind.is", "number") | {"checked": False},
        {"name": "kind.unit", "value": "lb", "out": True},
        {"name": "kind.options", "value": " a \n\nb", "is": "lines", "least": "2"},
        {"name": "kind.decimals", "value": "0", "is": "place", "default": "0"},
        chosen("terms.sealed", "no", **{"is": "not"}),
        chosen("who", "anyone", **{"is": "nothing"}),
        {"name": "others", "type": "checkbox", "value": "yes", "checked": True, "is": "check"},
        {"name": "persons[]", "type": "checkbox", "value": "ada", "checked": True},
        {"name": "persons[]", "type": "checkbox", "value": "ben"},
        {"name": "persons[]", "type": "checkbox", "value": "cal", "checked": True},
    ]
    assert ask("form", {"controls": controls}) == {
        "title": "Which?",
        "kind": {"is": "choice", "options": ["a", "b"]},
        "terms": {"sealed": False},
        "others": True,
        "persons": ["ada", "cal"],
    }


def test_a_number_is_as_precise_as_the_form_says_elsewhere() -> None:
    decimals = {"name": "kind.decimals", "value": "1", "is": "place"}
    low = number("kind.low", "0.5", decimalsOf="kind.decimals")
    assert ask("form", {"controls": [decimals, low]})["kind"] == {"decimals": 1, "low": 5}
    with pytest.raises(Thrown, match="low does not fit"):
        ask("form", {"controls": [decimals | {"value": "0"}, low]})


@pytest.mark.parametrize(
    ("shares", "said"),
    [(["70", "30"], [70, 30]), (["100", ""], [100, 0]), (["", " "], None)],
)
def test_shares_are_said_whole_or_not_at_all(shares: list[str], said: list[int] | None) -> None:
    controls = [*map(share, shares), number("choice.value", "1")]
    assert ask("form", {"controls": controls})["choice"].get("shares") == said


@pytest.mark.parametrize(
    ("controls", "why"),
    [
        ([share("70"), share("")], "choice.shares"),
        ([share("101"), share("-1")], "choice.shares"),
        (
            [number("choice.value", "5"), number("choice.low", "4"), number("choice.high", "")],
            "both",
        ),
        (
            [
                number("choice.value", str(n)) if n == 3 else number(name, str(n))
                for name, n in (("choice.low", 4), ("choice.value", 3), ("choice.high", 6))
            ],
            "between",
        ),
        ([{"name": "o", "value": "a", "is": "lines", "least": "2", "why": "Two."}], "Two"),
        ([{"name": "o", "value": "a\na", "is": "lines", "why": "Other."}], "Other"),
        ([{"name": "o", "value": "a\nlong", "is": "lines", "long": "3", "why": "Short."}], "Short"),
        ([{"name": "c", "value": "2001-01-01T10:00", "is": "moment", "why": "Later."}], "Later"),
        ([{"name": "c", "value": "+10", "is": "moment", "most": "9", "why": "Sooner."}], "Sooner"),
    ],
)
def test_what_does_not_fit_is_refused_in_the_words_of_its_control(
    controls: list[Control], why: str
) -> None:
    with pytest.raises(Thrown, match=why):
        ask("form", {"controls": controls, "dataset": RANGE})


def test_what_goes_with_a_choice_shows_only_then() -> None:
    controls = [
        chosen("kind.is", "number"),
        {"name": "others", "type": "checkbox", "value": "yes"},
        number("kind.low", "0.5"),
    ]
    conditions = {
        "kind.is=number|date": True,
        "kind.is=choice": False,
        "others=yes": False,
        "kind.low>0": True,
        "kind.low>1": False,
        "kind.high>0": False,
    }
    asked = [{"form": {"controls": controls}, "condition": each} for each in conditions]
    assert ask_all("holds", asked) == list(conditions.values())
