"""Answering, and saying the other things that a tool has words for."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import asdict

from beanjar.client.question import View
from beanjar.client.records import Witnessed
from beanjar.client.spoken import Spoken
from beanjar.main.command import Command
from beanjar.main.fields import build, make_parameters
from beanjar.main.inputs import SPACE, YES, confirm
from beanjar.main.moments import write_moment
from beanjar.main.questions import Question, check_asker, speech_of
from beanjar.main.session import Session, name_of
from beanjar.main.spoken import say_sent
from beanjar.main.stages import say_receipt, wait_until_sure
from beanjar.main.told import Told
from beanjar.main.wording import put_in_words
from beanjar.ops.body import Body
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.tool import Tool

NEGATIVE = {"ignore_unknown_options": True}
"""Lets “-5” be a value rather than an option that nobody knows."""

WITHDRAW = click.Option(["--withdraw"], is_flag=True, help="Take your answer back.")

WAIT = click.Option(
    ["--wait"],
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Wait until it is sure to count, at most so long.",
)


class Answered(Spoken, frozen=True):
    """What became of an answer; `receipt` says how far it has come, if that was waited for."""

    receipt: Witnessed | None = None


def make_answer_command(tool: Tool) -> click.Command:
    """Return the command with which a question of the tool is answered."""
    parameters = make_parameters(tool.answer.choice_type, speech_of(tool))
    needed = [each.name or "" for each in parameters if each.required]
    for each in parameters:
        each.required = False  # to withdraw takes none of them
    return Command(
        "answer",
        callback=partial(_answer, tool, needed),
        params=[click.Argument(["question"]), *parameters, WITHDRAW, WAIT, SPACE, YES],
        context_settings=NEGATIVE,
        help="Answer a QUESTION. Of your answers the last one before it closes counts.",
        example=f"{tool.name} answer 3fa29b1c {' '.join(needed).upper()}",
    )


def make_say(tool: Tool, kind: type[Body]) -> click.Command:
    """Return the command for one of the other things that can be said of a question."""
    verb = str(kind.__struct_config__.tag).partition(".")[2].replace("_", "-")
    parameters = make_parameters(kind, speech_of(tool), {"on"})
    arguments = "".join(f" {each.human_readable_name}" for each in parameters if each.required)
    return Command(
        verb,
        callback=partial(_say, tool, kind),
        params=[click.Argument(["question"]), *parameters, SPACE, YES],
        context_settings=NEGATIVE,
        help=(kind.__doc__ or "").partition("\n\n")[0],
        example=f"{tool.name} {verb} 3fa29b1c{arguments}",
    )


def _answer(tool: Tool, needed: Sequence[str], session: Session, **given: Any) -> Told:  # noqa: ANN401 - each option its own type
    _check_given(needed, given)
    found = Question(session, tool, given["question"], given["space"])
    view = found.look()
    choice = None if given["withdraw"] else _read_choice(found, view, given)
    body = session.participant_at(found.client).prepare(found, view, choice)
    _confirm(found, view, choice, yes=given["yes"])
    spoken = session.participant(found.log).say(found.space, body)
    done = "Your answer is taken back" if choice is None else "Your answer is in the jar"
    receipt = None
    if given["wait"] is not None and not spoken.unsent and spoken.held_until is None:
        receipt = wait_until_sure(session, found, spoken.ids[-1], given["wait"])
    return Told(
        Answered(**asdict(spoken), receipt=receipt),
        [f"{done}. {say_sent(spoken)}", *([say_receipt(receipt)] if receipt else [])],
    )


def _say(tool: Tool, kind: type[Body], session: Session, **given: Any) -> Told:  # noqa: ANN401 - each option its own type
    speech, found = speech_of(tool), Question(session, tool, given["question"], given["space"])
    view = found.look()
    if kind in speech.asker_only:
        check_asker(session, view)
    body = build(kind, given, speech, about=view.ask, more={"on": found.id})
    rows = put_in_words(body, speech, view.ask, {"on"})
    confirm(f"You say of {_name(found, view)}:", rows, yes=given["yes"])
    spoken = session.participant(found.log).say(found.space, body)
    return Told(spoken, [say_sent(spoken)])


def _read_choice(found: Question, view: View, given: Mapping[str, Any]) -> Struct:
    kind = found.tool.answer.choice_type
    return build(kind, given, speech_of(found.tool), about=view.ask)


def _check_given(needed: Sequence[str], given: Mapping[str, Any]) -> None:
    """Check that there is either an answer or the wish to take it back."""
    said = [name for name in needed if given[name] is not None]
    if given["withdraw"] and said:
        raise click.UsageError("Either give an answer, or take yours back with --withdraw.")
    if not given["withdraw"] and len(said) < len(needed):
        raise click.UsageError(f"Missing argument: {' '.join(needed).upper()}.")


def _confirm(found: Question, view: View, choice: Struct | None, *, yes: bool) -> None:
    name = _name(found, view)
    if choice is None:
        confirm(f"You take back your answer to {name}.", yes=yes)
        return
    rows = put_in_words(choice, speech_of(found.tool), view.ask)
    confirm(f"You answer {name}:", rows, _say_who_sees(view.facts), yes=yes)


def _say_who_sees(facts: ClosingFacts) -> str:
    closes = write_moment(facts.closes)
    if not facts.sealed:
        return f"Everyone sees it at once. Until {closes} you can change it."
    if len(facts.witnesses) == 1:
        return f"Nobody sees it before {closes}; its one witness's node could look."
    together = f"{facts.quorum} of its {len(facts.witnesses)} witnesses together could look"
    return f"Nobody sees it before {closes}; {together}."


def _name(found: Question, view: View) -> str:
    title = speech_of(found.tool).show(view).title
    return f"“{title}” in “{name_of(found.log)}”"
