"""`beanjar opinions map`: what a crowd thinks, from files that Polis exported."""

from collections.abc import Sequence
from pathlib import Path

import click
from msgspec import Struct

from beanjar.main.command import Command
from beanjar.main.lazy import Lazy, LazyGroup
from beanjar.main.session import Session
from beanjar.main.told import Rows, Told
from beanjar.wisdom.opinions.clusters import MILLE
from beanjar.wisdom.opinions.opinion_map import OpinionMap, find_opinion_map
from beanjar.wisdom.opinions.polis import (
    COMMENTS,
    TABLE,
    Conversation,
    NoConversation,
    read_conversation,
)
from beanjar.wisdom.opinions.statements import Told as Taken
from beanjar.wisdom.opinions.votes import AGREE

COMMANDS = {
    "map": Lazy(f"{__name__}:show_map", "What a crowd thinks, from files of Polis."),
}


class Side(Struct, frozen=True):
    """A statement and the side that many take; `share` is how likely the next one takes it.

    Where `sure` is false, that may be chance.
    """

    statement: str
    text: str
    side: str
    taken: int
    answered: int
    share: float
    sure: bool


class OfGroup(Struct, frozen=True):
    """A group, and what it thinks that others think less."""

    size: int
    typical: list[Side]


class Dividing(Struct, frozen=True):
    """A statement, and by how much the shares of those who agree differ between groups."""

    statement: str
    text: str
    gap: float


class Mapped(Struct, frozen=True):
    """What the files come to. `mapped` people voted often enough to have a place."""

    participants: int
    mapped: int
    statements: int
    hidden: int
    votes: int
    silhouette: float
    groups: list[OfGroup]
    consensus: list[Side]
    dividing: list[Dividing]


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog="Example: beanjar opinions map my-export")
def opinions() -> None:
    """Find out what a crowd shares, and what tells its groups apart."""


@click.command("map", cls=Command, example="opinions map my-export --json")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def show_map(session: Session, folder: Path) -> Told:
    """Show what a crowd thinks, from a folder with files that Polis exported.

    Needs participants-votes.csv; from comments.csv come the words of statements, and which of them
    were rejected. Groups are those of people who vote alike; “silhouette” says how well they are
    told apart, from -1 to 1.
    """
    del session
    conversation = read_conversation(_read_files(folder))
    found = find_opinion_map(conversation.votes, conversation.hidden)
    mapped = _describe(conversation, found)
    return Told(mapped, _put_in_words(mapped))


def _read_files(folder: Path) -> dict[str, str]:
    files = (folder / name for name in (TABLE, COMMENTS))
    try:
        return {each.name: each.read_text(encoding="utf-8") for each in files if each.is_file()}
    except UnicodeDecodeError as error:
        raise NoConversation(
            f"A file in {folder} is not in UTF-8, so it cannot be read."
        ) from error


def _describe(conversation: Conversation, found: OpinionMap) -> Mapped:
    names, texts = conversation.statements, conversation.texts

    def tell(taken: Taken) -> Side:
        name, side = names[taken.statement], "agree" if taken.side == AGREE else "disagree"
        share = round(float(taken.chance), 4)
        return Side(name, texts.get(name, ""), side, taken.taken, taken.answered, share, taken.sure)

    return Mapped(
        participants=len(conversation.people),
        mapped=len(found.people),
        statements=len(names),
        hidden=len(conversation.hidden),
        votes=int(conversation.votes.seen.sum()),
        silhouette=found.silhouette / MILLE,
        groups=[
            OfGroup(len(each.people), [tell(one) for one in each.typical]) for each in found.groups
        ],
        consensus=[tell(each) for each in found.consensus],
        dividing=[
            Dividing(names[each], texts.get(names[each], ""), round(float(gap), 4))
            for each, gap in found.dividing
        ],
    )


def _put_in_words(mapped: Mapped) -> list[str | Rows]:
    apart = f", told apart by {mapped.silhouette:.2f} of 1" if len(mapped.groups) > 1 else ""
    heading = (
        f"{mapped.participants:,} people voted {mapped.votes:,} times on {mapped.statements:,} "
        f"statements ({mapped.hidden:,} rejected)."
    )
    placed = (
        f"{mapped.mapped:,} of them voted often enough to have a place, in "
        f"{_count(len(mapped.groups), 'group')}{apart}."
    )
    words: list[str | Rows] = [
        heading,
        placed,
        "",
        "What all share:",
        _list_sides(mapped.consensus),
    ]
    for number, group in enumerate(mapped.groups if len(mapped.groups) > 1 else (), start=1):
        words += ["", f"Group {number}, {group.size:,} people:", _list_sides(group.typical)]
    if mapped.dividing:
        rows = [(_name(each), f"{100 * each.gap:.0f} points apart") for each in mapped.dividing]
        words += ["", "What divides them most:", Rows(rows)]
    return words


def _list_sides(sides: Sequence[Side]) -> Rows | str:
    if not sides:
        return "Nothing that is more than chance."
    return Rows(
        [
            (
                f"{each.side}:",
                _name(each),
                f"{each.taken:,} of {each.answered:,}" + ("" if each.sure else ", maybe by chance"),
            )
            for each in sides
        ]
    )


def _name(each: Side | Dividing) -> str:
    return each.text or f"statement {each.statement}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
