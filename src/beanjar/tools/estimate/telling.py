"""What people said about an estimate, a sentence each."""

from beanjar.ops.body import Body
from beanjar.tools.estimate.guessing import fits, fits_truth
from beanjar.tools.estimate.readable import read_truth, read_value
from beanjar.tools.estimate.schema import (
    EstimateAnswer,
    EstimateAsk,
    EstimateEdit,
    EstimateResolve,
    EstimateWithdraw,
)
from beanjar.web.language import Speaker


def tell(body: Body, ask: EstimateAsk, who: str, speaker: Speaker) -> str:
    """Return what `who` said with a body of this tool; `ask` is the question that it is about."""
    title = ask.title
    match body:
        case EstimateAsk():
            return speaker.say("%(name)s asked “%(title)s”", name=who, title=title)
        case EstimateAnswer():
            return _tell_answer(body, ask, who, speaker)
        case EstimateEdit():
            return speaker.say(
                "%(name)s put “%(title)s” in other words: “%(now)s”",
                name=who,
                title=title,
                now=body.title,
            )
        case EstimateResolve():
            return _tell_truth(body, ask, who, speaker)
        case EstimateWithdraw():
            return speaker.say("%(name)s took “%(title)s” back", name=who, title=title)
    return ""


def _tell_answer(body: EstimateAnswer, ask: EstimateAsk, who: str, speaker: Speaker) -> str:
    if body.sealed and body.choice is None:
        return speaker.say("%(name)s answered “%(title)s” (sealed)", name=who, title=ask.title)
    if body.choice is None:
        return speaker.say(
            "%(name)s took their answer to “%(title)s” back", name=who, title=ask.title
        )
    if ask.terms.sealed or not fits(ask, body.choice):
        return speaker.say(
            "%(name)s answered “%(title)s” as it does not allow", name=who, title=ask.title
        )
    return speaker.say(
        "%(name)s answered “%(title)s”: %(value)s",
        name=who,
        title=ask.title,
        value=read_value(ask.kind, body.choice.value, speaker),
    )


def _tell_truth(body: EstimateResolve, ask: EstimateAsk, who: str, speaker: Speaker) -> str:
    if not fits_truth(ask.kind, body.truth):
        return speaker.say(
            "%(name)s said of “%(title)s” what cannot come true", name=who, title=ask.title
        )
    return speaker.say(
        "%(name)s said what came true of “%(title)s”: %(truth)s",
        name=who,
        title=ask.title,
        truth=read_truth(ask.kind, body.truth, speaker),
    )
