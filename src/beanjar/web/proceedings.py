"""How a question is opened, witnessed, closed and settled, told in sentences."""

from beanjar.ops.body import Body
from beanjar.space.question import (
    Accept,
    Close,
    End,
    Key,
    Open,
    Precommit,
    Prevote,
    Propose,
    RollPart,
    Seen,
    Settled,
)
from beanjar.web.language import Speaker


def tell_proceedings(body: Body, who: str, title: str, speaker: Speaker) -> str:
    """Return what a word about a question says; "" if it is none that every question has.

    `who` is what its author is called, `title` what the question is about.
    """
    match body:
        case RollPart():
            return speaker.count(
                "%(name)s listed %(num)s person who may answer “%(title)s”",
                "%(name)s listed %(num)s people who may answer “%(title)s”",
                len(body.persons),
                name=who,
                title=title,
            )
        case Seen(pairs=pairs) if pairs:
            return speaker.count(
                "%(name)s’s node logged %(num)s answer to “%(title)s”",
                "%(name)s’s node logged %(num)s answers to “%(title)s”",
                len(pairs),
                name=who,
                title=title,
            )
        case Open():
            return speaker.say("%(name)s opened “%(title)s”", name=who, title=title)
        case End():
            return speaker.say(
                "%(name)s asked the witnesses to close “%(title)s”", name=who, title=title
            )
    return _tell_witness(body, who, title, speaker)


def _tell_witness(body: Body, who: str, title: str, speaker: Speaker) -> str:
    match body:
        case Accept():
            said = speaker.say(
                "%(name)s’s node agreed to witness “%(title)s”", name=who, title=title
            )
        case Seen():
            said = speaker.say(
                "%(name)s’s node began to log the answers to “%(title)s”", name=who, title=title
            )
        case Close():
            said = speaker.say("%(name)s’s node closed “%(title)s”", name=who, title=title)
        case Settled():
            said = speaker.say(
                "%(name)s’s node showed that “%(title)s” is settled", name=who, title=title
            )
        case Key():
            said = speaker.say(
                "%(name)s’s node let the sealed answers to “%(title)s” be opened",
                name=who,
                title=title,
            )
        case _:
            said = _tell_vote(body, who, title, speaker)
    return said


def _tell_vote(body: Body, who: str, title: str, speaker: Speaker) -> str:
    """Return what a witness says while they agree on the closings that count."""
    match body:
        case Propose():
            return speaker.say(
                "%(name)s’s node proposed how “%(title)s” be settled", name=who, title=title
            )
        case Prevote(closes=()):
            return speaker.say(
                "%(name)s’s node backed no proposal to settle “%(title)s”", name=who, title=title
            )
        case Prevote():
            return speaker.say(
                "%(name)s’s node backed a proposal to settle “%(title)s”", name=who, title=title
            )
        case Precommit(closes=()):
            return speaker.say(
                "%(name)s’s node did not vote to settle “%(title)s” yet", name=who, title=title
            )
        case Precommit():
            return speaker.say("%(name)s’s node voted to settle “%(title)s”", name=who, title=title)
    return ""
