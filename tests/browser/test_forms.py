"""How a form reads what somebody types."""

from tests.browser.modules import ask_all

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
