"""Votes on how to spend a budget, in the format of Pabulib (pabulib.org): .pb."""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO
from itertools import count

import numpy as np

from beanjar.wisdom.counting.rankings import Rankings, check_cells
from beanjar.wisdom.counting.scores import Points
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.polls.poll import Money, NoPoll, Poll
from beanjar.wisdom.tables import MOST_CELLS, read_rows

PARTS = ("META", "PROJECTS", "VOTES")
APPROVING, SCORING = {"approval", "choose-1"}, {"cumulative", "scoring"}
HUNDREDTHS = 100
AMOUNT = re.compile(r"[0-9]{1,13}(?:[.,][0-9]{1,2})?")
POINTS = re.compile(r"-?[0-9]{1,7}")
ID = re.compile(r"[^\s,;\"]+")
Table = list[dict[str, str]]


def read_pabulib(text: str) -> Poll:
    """Return the poll in a file. Raises `NoPoll`, or `NoTable` where its rows cannot be read."""
    parts = _split(text)
    meta = {row["key"]: row["value"] for row in parts["META"] if row.keys() >= {"key", "value"}}
    ids = tuple(row.get("project_id", "") for row in parts["PROJECTS"])
    if not ids or not all(ids) or len(set(ids)) != len(ids):
        raise NoPoll("Every project of the file needs a project_id of its own.")
    costs = [row.get("cost", "") for row in parts["PROJECTS"]]
    money = _read_money(costs, meta.get("budget", ""))
    ballots = _read_votes(parts["VOTES"], meta.get("vote_type", ""), ids)
    return Poll(meta.get("description", ""), ids, ballots, money=money)


def _split(text: str) -> dict[str, Table]:
    parts: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for _, row in read_rows(text, delimiter=";"):
        if len(row) == 1 and row[0] in PARTS:
            rows = parts.setdefault(row[0], [])
        else:
            rows.append(row)
    if not all(parts.get(part) for part in PARTS):
        raise NoPoll(f"The file should have the parts {', '.join(PARTS)}, each with a heading.")
    return {
        name: [dict(zip(heading, row, strict=False)) for row in table]
        for name, (heading, *table) in parts.items()
    }


def _read_money(costs: Sequence[str], budget: str) -> Money:
    """Read amounts as whole numbers, or in hundredths where any has a fraction."""
    told = (budget, *costs)
    if not all(map(AMOUNT.fullmatch, told)):
        raise NoPoll(
            "The budget and the cost of every project must be amounts such as 1250 or 1250.50, "
            "with at most two decimals and without a sign for thousands."
        )
    amounts = [Decimal(each.replace(",", ".")) for each in told]
    units = 1 if not any(each.as_tuple().exponent for each in amounts) else HUNDREDTHS
    total, *each_cost = (int(each * units) for each in amounts)
    return Money(tuple(each_cost), total, units)


def _read_votes(votes: Table, kind: str, ids: Sequence[str]) -> Rankings | Points:
    if kind not in {"ordinal", *APPROVING, *SCORING}:
        raise NoPoll(f"Votes of the kind “{kind}” cannot be counted here.")
    places = {name: place for place, name in enumerate(ids)}
    try:
        check_cells(len(votes), len(ids))
        chosen = [[places[name] for name in _list(row.get("vote", ""))] for row in votes]
        if kind == "ordinal":
            return Rankings.of_tiers(((1, [[each] for each in row]) for row in chosen), len(ids))
        table = np.zeros((len(votes), len(ids)), np.int64)
        for line, (row, each) in enumerate(zip(votes, chosen, strict=True)):
            table[line, each] = _read_points(row, kind, each)
        return Points.of(table)
    except KeyError as error:
        raise NoPoll(f"A vote names the project {error}, which the file does not list.") from error
    except NoFigure as error:
        raise NoPoll(f"The votes of this file cannot be read. {error}") from error


def _read_points(row: dict[str, str], kind: str, chosen: Sequence[int]) -> list[int]:
    """Return what a vote gives each project that it names."""
    told = _list(row.get("points", ""))
    if len(set(chosen)) < len(chosen):
        raise NoPoll(f"Vote {row.get('voter_id', '')} names a project twice.")
    if kind in APPROVING:
        return [1] * len(chosen)
    if len(told) != len(chosen) or not all(map(POINTS.fullmatch, told)):
        raise NoPoll(f"Vote {row.get('voter_id', '')} should give points to each that it names.")
    return [int(each) for each in told]


def _list(names: str) -> list[str]:
    return [each.strip() for each in names.split(",") if each.strip()]


def write_pabulib(poll: Poll, names: Iterable[str]) -> str:
    """Return approvals of projects as such a file; `names` say what each is called.

    Raises `NoPoll` for a poll without money, and for ids that the format cannot hold.
    """
    money = _check_writable(poll)
    points = poll.approvals()
    out = StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\n").writerow
    approved = (points.counts @ points.points).tolist()
    for key, value in (
        ("META", None),
        ("key", "value"),
        ("description", " ".join(poll.title.split())),
        ("num_projects", len(poll.options)),
        ("num_votes", poll.voters),
        ("budget", _write_amount(money.budget, money.units)),
        ("vote_type", "approval"),
        ("rule", "equalshares/add1"),
        ("PROJECTS", None),
    ):
        write([key] if value is None else [key, value])
    write(["project_id", "cost", "votes", "name"])
    for place, (option, name) in enumerate(zip(poll.options, names, strict=True)):
        said = " ".join(name.split())
        write([option, _write_amount(money.costs[place], money.units), approved[place], said])
    write(["VOTES"])
    write(["voter_id", "vote"])
    voters = count(1)
    for times, row in zip(points.counts.tolist(), points.points.tolist(), strict=True):
        vote = ",".join(name for name, given in zip(poll.options, row, strict=True) if given)
        for _ in range(times):
            write([next(voters), vote])
    return out.getvalue()


def _check_writable(poll: Poll) -> Money:
    """Return the money of a poll that the format can hold, or raise `NoPoll`."""
    if poll.money is None:
        raise NoPoll("Without costs and a budget there is nothing to write in this format.")
    if not all(map(ID.fullmatch, poll.options)):
        raise NoPoll("In this format an id has no spaces, commas or semicolons.")
    if poll.money.units not in {1, HUNDREDTHS}:
        raise NoPoll("In this format amounts are whole, or in hundredths.")
    if poll.voters * len(poll.options) > MOST_CELLS:
        raise NoPoll("In this format, with a line for everybody, so many votes cannot be written.")
    return poll.money


def _write_amount(amount: int, units: int) -> str:
    """Write hundredths with their decimals, by which a reader knows them."""
    return str(amount) if units == 1 else f"{amount // units}.{amount % units:02}"
