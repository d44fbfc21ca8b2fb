"""Asking: the ask, the wait until its witnesses accept, the open; and ending it early."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import click
from msgspec import Struct

from beanjar.base.clock import DAY
from beanjar.base.errors import BeanjarError
from beanjar.base.limits import OPEN_FOR
from beanjar.client.client import Client
from beanjar.client.records import SpaceRecord
from beanjar.main.command import Command
from beanjar.main.fields import build, make_parameters
from beanjar.main.inputs import SPACE, YES, confirm
from beanjar.main.moments import read_moment, write_moment
from beanjar.main.questions import SHORT, Question, check_asker, speech_of
from beanjar.main.roll import find_people
from beanjar.main.session import Session, name_of
from beanjar.main.spoken import say_sent
from beanjar.main.told import Told
from beanjar.main.witness_panel import choose_witnesses, name_witness, wait_for_accepts
from beanjar.main.wording import Row, put_in_words
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import QUORUMS, Open, Terms
from beanjar.space.tool import Tool

CLOSES = click.Option(["--closes"], required=True, help="When: “in 10 minutes”, “tonight”, ...")
OPEN_ANSWERS = click.Option(
    ["--open-answers"], is_flag=True, help="Everyone sees each answer at once."
)
ONLY = click.Option(
    ["--only"], multiple=True, metavar="PERSON", help="Who may answer; otherwise anyone."
)
MAY_END = click.Option(["--asker-may-end"], is_flag=True, help="You can end it before its time.")
WHEN_ALL = click.Option(
    ["--ends-when-all-answered"], is_flag=True, help="With --only: it ends with the last of them."
)
WITNESS = click.Option(
    ["--witness"],
    multiple=True,
    metavar="DEVICE|PERSON",
    help="Who witnesses; otherwise drawn from those who offer.",
)
WITNESSES = click.Option(
    ["--witnesses"],
    type=click.Choice(list(QUORUMS)),
    help="How many are drawn; otherwise as many as can be.",
)
TIMEOUT = click.Option(
    ["--timeout"],
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    help="Seconds to wait for the witnesses.",
)
HOW_ANSWERED = [CLOSES, OPEN_ANSWERS, ONLY, MAY_END, WHEN_ALL]
TERMS = [*HOW_ANSWERED, WITNESS, WITNESSES, TIMEOUT, SPACE, YES]


class Asked(Struct, frozen=True):
    """A question that was asked: its id, that of its open (none yet), and where its page is.

    `unsent` and `safe` are those of what was said last, see `beanjar.client.spoken`.
    """

    question: str
    open: str | None
    url: str
    unsent: int = 0
    safe: bool = False


def make_ask(tool: Tool) -> click.Command:
    """Return the command with which a question of the tool is asked."""
    return Command(
        "ask",
        callback=partial(_ask, tool),
        params=[*make_parameters(tool.ask, speech_of(tool), {"terms"}), *TERMS],
        help="Ask a question, and open it once its witnesses have accepted.",
        example=f"{tool.name} ask {speech_of(tool).example} --closes tonight",
    )


def make_open(tool: Tool) -> click.Command:
    """Return the command with which a question is opened whose witnesses took long to accept."""
    return Command(
        "open",
        callback=partial(_open_later, tool),
        params=[click.Argument(["question"]), ONLY, TIMEOUT, SPACE],
        help="Open a QUESTION that you asked, if its witnesses took too long to accept.",
        example=f"{tool.name} open 3fa29b1c",
    )


def make_end(tool: Tool) -> click.Command:
    """Return the command with which an asker ends a question before its time."""
    return Command(
        "end",
        callback=partial(_end, tool),
        params=[click.Argument(["question"]), SPACE, YES],
        help="End a QUESTION that you asked before its time, if you said that you may.",
        example=f"{tool.name} end 3fa29b1c",
    )


def _ask(tool: Tool, session: Session, **given: Any) -> Told:  # noqa: ANN401 - each option its own type
    speech, log = speech_of(tool), session.find_space(given["space"])
    client = session.reach(log)
    record, last = client.space(log.space), log.head.id
    roll = find_people(record.members, given["only"])
    terms = _read_terms(session, given, _choose(client, record, last, given))
    body = build(tool.ask, given, speech, more={"terms": terms})
    rows = [*put_in_words(body, speech, body, {"terms"}), *_say_terms(terms, record, given["only"])]
    confirm(f"You ask in “{name_of(log)}”:", rows, yes=given["yes"])
    if log.head.id != last and not given["witness"]:
        raise BeanjarError("You said something else meanwhile, on which the draw hangs. Ask again.")
    spoken = session.participant(log).say(log.space, body)
    question = Question(session, tool, spoken.ids[-1], spoken.space)
    if spoken.unsent:
        later = f"beanjar {tool.name} open {question.id}"
        asked = Asked(question.id, None, question.url, spoken.unsent)
        return Told(asked, [f"The ask is kept on this machine. When a node is up: {later}"])
    return _open(session, question, roll, given["timeout"])


def _open_later(
    tool: Tool,
    session: Session,
    *,
    question: str,
    only: Sequence[str],
    timeout: float,
    space: str | None,
) -> Told:
    found = Question(session, tool, question, space)
    view = found.look()
    check_asker(session, view)
    if view.facts.open is not None:
        raise BeanjarError("This question is open already.")
    _check_time(session, view.facts)
    if view.ask.terms.listed != bool(only):
        raise BeanjarError("Say with --only who may answer, if and only if the ask said so.")
    members = found.client.space(found.space).members
    return _open(session, found, find_people(members, only), timeout)


def _end(tool: Tool, session: Session, *, question: str, space: str | None, yes: bool) -> Told:
    found = Question(session, tool, question, space)
    view = found.look()
    check_asker(session, view)
    if view.facts.state != "open" or view.facts.open is None:
        raise BeanjarError("This question does not take answers now, so there is nothing to end.")
    if not view.ask.terms.asker_may_end:
        closes = write_moment(view.facts.closes)
        raise BeanjarError(f"This question ends at its time, {closes}: so it was asked.")
    confirm("This closes the question for everyone. It cannot be opened again.", yes=yes)
    spoken = session.participant(found.log).end(found)
    return Told(spoken, [say_sent(spoken)])


def _choose(
    client: Client, record: SpaceRecord, last: bytes, given: Mapping[str, Any]
) -> tuple[str, ...]:
    named, wished = given["witness"], given["witnesses"]
    if named and wished:
        raise click.UsageError("Either name the witnesses, or say how many to draw.")
    return choose_witnesses(client, record, last, named=named, wished=wished)


def _read_terms(session: Session, given: Mapping[str, Any], witnesses: tuple[str, ...]) -> Terms:
    now = session.clock.now()
    closes = read_moment(given["closes"], now)
    if closes > now + OPEN_FOR:
        raise click.UsageError(f"A question stays open for at most {OPEN_FOR // DAY} days.")
    if given["ends_when_all_answered"] and not given["only"]:
        raise click.UsageError("--ends-when-all-answered needs --only, which says who all are.")
    return Terms(
        closes=closes,
        witnesses=witnesses,
        sealed=not given["open_answers"],
        listed=bool(given["only"]),
        asker_may_end=given["asker_may_end"],
        ends_when_all_answered=given["ends_when_all_answered"],
    )


def _say_terms(terms: Terms, record: SpaceRecord, only: Sequence[str]) -> Iterator[Row]:
    yield "closes", write_moment(terms.closes)
    yield "answers", "nobody sees them before" if terms.sealed else "everyone sees them at once"
    yield "who may answer", ", ".join(only) if terms.listed else "anyone in the space"
    yield "witnesses", ", ".join(name_witness(record.members, device) for device in terms.witnesses)


def _check_time(session: Session, facts: ClosingFacts) -> None:
    """Open nothing that nobody could answer any more."""
    if facts.is_given_up(session.clock.now()):
        closes = write_moment(facts.closes)
        raise BeanjarError(f"It was to close at {closes}, so it can open no more. Ask it again.")


def _open(session: Session, question: Question, roll: tuple[str, ...], timeout: float) -> Told:
    """Open it as soon as all of its witnesses have accepted."""
    accepts = wait_for_accepts(session, question, timeout)
    _check_time(session, question.look().facts)
    spoken = session.participant(question.log).say(question.space, Open(question.id, accepts, roll))
    asked = Asked(question.id, spoken.ids[-1], question.url, spoken.unsent, spoken.safe)
    name = question.id[:SHORT]
    return Told(
        asked,
        [
            f"It is open. {say_sent(spoken)}",
            f"Its short name is {name}: beanjar {question.tool.name} show {name}",
            f"Its page is {question.url}",
        ],
    )
