"""Ranked ballots in the format of PrefLib (preflib.org): .soc, .soi, .toc and .toi."""

import re
from collections.abc import Iterable

from beanjar.wisdom.counting.rankings import Rankings, Tiers
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.polls.poll import NoPoll, Poll, distinguish
from beanjar.wisdom.tables import COUNT, read_count

KINDS = ("soc", "soi", "toc", "toi")
NUMBER = COUNT.pattern
BALLOT = re.compile(rf"({NUMBER})\s*:\s*(.*)")
TIER = re.compile(rf"\{{\s*({NUMBER}(?:\s*,\s*{NUMBER})*)\s*\}}|({NUMBER})")
ORDER = re.compile(rf"(?:{TIER.pattern})(?:\s*,\s*(?:{TIER.pattern}))*|")
NAME = "ALTERNATIVE NAME "


def read_preflib(text: str) -> Poll:
    """Return the poll in a file. Raises `NoPoll`."""
    heads: dict[str, str] = {}
    ballots: list[tuple[int, Tiers]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            heads[key.strip().upper()] = value.strip()
        elif line.strip():
            ballots.append(_read_ballot(number, line.strip()))
    options = _read_options(heads)
    try:
        rankings = Rankings.of_tiers(ballots, len(options))
    except NoFigure as error:
        raise NoPoll(f"A ballot of this file cannot be read. {error}") from error
    told = heads.get("NUMBER VOTERS", str(rankings.voters))
    if told != str(rankings.voters):
        raise NoPoll(f"The file says that {told} voted, and has ballots of {rankings.voters:,}.")
    return Poll(heads.get("TITLE", ""), options, rankings)


def write_preflib(poll: Poll) -> str:
    """Return a poll with ranked ballots as such a file; alike ballots are put together."""
    rankings = poll.rankings()
    alike: dict[str, int] = {}
    for count, tiers in rankings.tiers():
        order = ",".join(map(_write_tier, tiers))
        alike[order] = alike.get(order, 0) + count
    names = [" ".join(name.split()) for name in (poll.title, *poll.options)]
    named = (f"# {NAME}{place}: {name}" for place, name in enumerate(names[1:], start=1))
    ballots = sorted(alike.items(), key=lambda item: (-item[1], item[0]))
    return "\n".join(
        (
            f"# TITLE: {names[0]}",
            f"# DATA TYPE: {find_kind(rankings)}",
            f"# NUMBER ALTERNATIVES: {len(poll.options)}",
            f"# NUMBER VOTERS: {rankings.voters}",
            f"# NUMBER UNIQUE ORDERS: {len(alike)}",
            *named,
            *(f"{count}: {order}" for order, count in ballots),
            "",
        )
    )


def find_kind(rankings: Rankings) -> str:
    """Return which of `KINDS` ballots are: with ties or strict, complete or incomplete."""
    ties = any(len(tier) > 1 for _, tiers in rankings.tiers() for tier in tiers)
    complete = bool((rankings.ranks != 0).all())
    return ("t" if ties else "s") + "o" + ("c" if complete else "i")


def _read_ballot(number: int, line: str) -> tuple[int, Tiers]:
    found = BALLOT.fullmatch(line)
    if found is None or not ORDER.fullmatch(found[2]):
        raise NoPoll(f"Line {number} is no ballot: it should read like “12: 3,1,{{2,4}}”.")
    tiers = [
        [int(each) - 1 for each in (tied or single).replace(",", " ").split()]
        for tied, single in TIER.findall(found[2])
    ]
    return int(found[1]), tiers


def _read_options(heads: dict[str, str]) -> tuple[str, ...]:
    names = [(key, heads[key]) for key in heads if key.startswith(NAME)]
    told = read_count(heads.get("NUMBER ALTERNATIVES", ""))
    if told is None or not names:
        raise NoPoll(
            "The file does not say how many alternatives there are, and what their names are."
        )
    expected = [f"{NAME}{place}" for place in range(1, len(names) + 1)]
    if len(names) != told or [key for key, _ in names] != expected:
        raise NoPoll(f"The file should name its {told:,} alternatives, one after the other.")
    return distinguish(name for _, name in names)


def _write_tier(tier: Iterable[int]) -> str:
    places = [str(option + 1) for option in tier]
    return places[0] if len(places) == 1 else "{" + ",".join(places) + "}"
