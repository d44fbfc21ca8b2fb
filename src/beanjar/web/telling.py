"""What operations say, in sentences. Those of a tool are told by the tool."""

from typing import Literal

from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.charter import Erase, Founding, Join, Leave, Profile, Revoke, Uninvite
from beanjar.space.doors import Door
from beanjar.space.offers import Offer, Stop, Unvouch, Vouch
from beanjar.space.question import Ask
from beanjar.space.space import Space
from beanjar.web.language import Speaker
from beanjar.web.proceedings import tell_proceedings
from beanjar.web.questions import pages_of

Standing = Literal[
    "counts", "forked", "revoked", "erased", "expired", "missing", "unknown", "senseless"
]
"""Whether an operation counts, or why it does not."""


def tell(space: Space, said: Statement, speaker: Speaker) -> str:
    """Return what a statement says, in a sentence."""
    who = call(space, said.person, speaker)
    if isinstance(said.body, Ask) or hasattr(said.body, "on"):
        return _tell_of_question(space, said, who, speaker)
    words = _tell_coming(space, said, who, speaker) or _tell_person(space, said, who, speaker)
    return words or tell_wordless(who, speaker)


def tell_wordless(who: str, speaker: Speaker) -> str:
    """Return what there is to say where nobody wrote a sentence."""
    return speaker.say("%(name)s said something for which these pages have no words", name=who)


def tell_unread(standing: Standing, who: str, speaker: Speaker) -> str:
    """Return what there is to say of an operation that cannot be read."""
    match standing:
        case "erased":
            return speaker.say("What %(name)s said here was erased", name=who)
        case "expired":
            return speaker.say("What %(name)s said here was meant to be forgotten by now", name=who)
        case "missing":
            return speaker.say("What %(name)s said here has not arrived yet", name=who)
        case "unknown":
            return speaker.say(
                "%(name)s said something that this node does not know: update it to see this",
                name=who,
            )
    return speaker.say("%(name)s’s device sent something that means nothing", name=who)


def tell_standing(standing: Standing, speaker: Speaker) -> str:
    """Return that an operation that can be read does not count, and why; "" if it does."""
    match standing:
        case "forked":
            return speaker.say(
                "This does not count, unless a settled question names it: this device had said two "
                "different things at one place before."
            )
        case "revoked":
            return speaker.say(
                "This does not count, unless a settled question names it: this device had been "
                "given up before."
            )
    return ""


def call(space: Space, person: str, speaker: Speaker) -> str:
    """Return what to call a person (hex), or a device of which it is not known whose it is."""
    name = space.members.name_of(person)
    return speaker.retell(name) or name


def _tell_coming(space: Space, said: Statement, who: str, speaker: Speaker) -> str:
    """Return how somebody came or went; "" if that is not what was said."""
    match said.body:
        case Founding():
            return speaker.say("%(name)s founded this space", name=who)
        case Leave():
            return speaker.say("%(name)s left", name=who)
        case Join():
            return _tell_joining(space, said, who, speaker)
    return ""


def _tell_joining(space: Space, said: Statement, who: str, speaker: Speaker) -> str:
    if isinstance(said.body, Join) and said.body.node:
        return speaker.say("%(name)s’s node came along, to witness", name=who)
    if said.seq:
        return speaker.say("%(name)s came back", name=who)
    if not _is_first(space, said):
        return speaker.say("%(name)s came along with one more device", name=who)
    inviters = inviters_of(space, said)
    if not inviters:
        return speaker.say("%(name)s joined", name=who)
    other = call(space, inviters[-1], speaker)
    return speaker.say("%(name)s joined, invited by %(other)s", name=who, other=other)


def inviters_of(space: Space, said: Statement) -> list[str]:
    """Return who invited whom down to whoever said this join, the founder first.

    Behind an open door nobody looks at invitations, so there they show nothing.
    """
    founding = space.members.founding
    founder = founding.certificate.person
    if not isinstance(said.body, Join) or said.person == founder:
        return []
    if founding.charter.admission == "open":
        return []
    return [hop.certificate.person for hop in said.body.invitation]


def _is_first(space: Space, said: Statement) -> bool:
    joins = space.members.joins_of(said.person)
    own = [each.id for each in joins if not (isinstance(each.body, Join) and each.body.node)]
    return not own or own[0] == said.id


def _tell_person(space: Space, said: Statement, who: str, speaker: Speaker) -> str:
    """Return what somebody said of themselves, of another, or of their node."""
    match body := said.body:
        case Profile():
            return speaker.say("%(name)s took the name “%(called)s”", name=who, called=body.name)
        case Vouch() | Unvouch():
            return _tell_vouching(body, who, call(space, body.person, speaker), speaker)
        case Uninvite():
            return speaker.say("%(name)s took an invitation back", name=who)
        case Revoke():
            return _tell_revocation(space, said, body.device, who, speaker)
        case Erase():
            return speaker.say("%(name)s asked all nodes to erase an entry", name=who)
    return _tell_node(body, who, speaker)


def _tell_revocation(space: Space, said: Statement, device: str, who: str, speaker: Speaker) -> str:
    """Only its person can give a device up, but anybody can pass that on."""
    owner = space.person_of(bytes.fromhex(device)) or device
    if owner == said.person:
        return speaker.say("%(name)s gave up a device", name=who)
    other = call(space, owner, speaker)
    return speaker.say(
        "%(name)s passed on that a device of %(other)s is given up", name=who, other=other
    )


def _tell_vouching(body: Vouch | Unvouch, who: str, other: str, speaker: Speaker) -> str:
    if isinstance(body, Vouch):
        return speaker.say("%(name)s vouched for %(other)s", name=who, other=other)
    return speaker.say("%(name)s vouches for %(other)s no more", name=who, other=other)


def _tell_node(body: Body, who: str, speaker: Speaker) -> str:
    match body:
        case Offer():
            return speaker.say("%(name)s’s node offered to witness", name=who)
        case Stop():
            return speaker.say("%(name)s’s node offers no more to witness", name=who)
        case Door(address=""):
            return speaker.say("%(name)s’s node shows these pages no more", name=who)
        case Door():
            return speaker.say(
                "%(name)s’s node shows these pages at %(address)s", name=who, address=body.address
            )
    return ""


def _tell_of_question(space: Space, said: Statement, who: str, speaker: Speaker) -> str:
    ask = _find_ask(space, said)
    if ask is None:
        return speaker.say(
            "%(name)s said something about a question that has not arrived here", name=who
        )
    tool = next(each for each in space.tools if type(ask) is each.ask)
    pages = pages_of(tool)
    if pages is None:
        return tell_wordless(who, speaker)
    if type(said.body) in {tool.ask, tool.answer, *tool.bodies}:
        return pages.tell(said.body, ask, who, speaker)
    title = pages.about(ask)
    return tell_proceedings(said.body, who, title, speaker) or speaker.say(
        "%(name)s said something about “%(title)s” that does not belong there",
        name=who,
        title=title,
    )


def _find_ask(space: Space, said: Statement) -> Ask | None:
    """Return the ask that a statement is, or is about, as it was asked."""
    if isinstance(said.body, Ask):
        return said.body
    subject = space.subject_of(said)
    asked = space.closing(subject).asked if subject else None
    return asked.body if asked is not None and isinstance(asked.body, Ask) else None
