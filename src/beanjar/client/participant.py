"""A person who takes part through a node: founds, joins, asks and answers, in their own name."""

import secrets
import time
from collections.abc import Callable, Sequence

from msgspec import Struct

from beanjar.base.clock import Clock
from beanjar.base.errors import BeanjarError
from beanjar.base.ids import SIZE, ZERO
from beanjar.client.client import Client
from beanjar.client.home import Home
from beanjar.client.ownlog import Note
from beanjar.client.question import LOOK, Question, TookTooLong, View
from beanjar.client.records import Receipt
from beanjar.client.roll import check_roll, part_roll
from beanjar.client.speaking import AlreadyJoined, Speaker
from beanjar.client.spoken import Spoken
from beanjar.client.waiting import look_until
from beanjar.client.witnesses import check_witnesses, draw_witnesses
from beanjar.node.clock import MachineClock
from beanjar.ops.body import Body
from beanjar.ops.device import certify_device
from beanjar.space.admission import admit, read_first
from beanjar.space.ballot import NotOpen, make_answer
from beanjar.space.charter import Charter, Founding, Join, Profile
from beanjar.space.invitation import use_invitation
from beanjar.space.members import short_name
from beanjar.space.question import Answer, Ask, End, Open
from beanjar.space.ticket import Ticket
from beanjar.space.tool import Tool


class NotAllowed(BeanjarError):
    """An answer that its question does not allow."""


class Participant:
    """Whoever is at home in a folder, at one node. Spaces are named by their id, 32 bytes.

    What is said is signed with the keys of the home and kept there before it is sent, so that
    several programs may speak with one home, and none of them loses or contradicts a word.
    """

    def __init__(
        self,
        home: Home,
        client: Client,
        clock: Clock | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Say nothing yet. The clock is the machine's own; `pause` waits for so many seconds."""
        self.home = home
        self.client = client
        self._pause = pause
        self._speaker = Speaker(home, client, clock or MachineClock(), pause)

    def found(self, name: str, purpose: str = "", charter: Charter | None = None) -> Spoken:
        """Found a space; its id stands in what this returns. By its charter anyone may join."""
        certificate = certify_device(self.home.person, ZERO, self.home.device.public)
        founding = Founding(name, certificate, purpose, charter or Charter())
        profile = [Profile(self.home.me.name)] if self.home.me.name else []
        return self._speaker.found(founding, Note(name, (self.client.url,)), *profile)

    def join(self, ticket: Ticket) -> Spoken:
        """Join the space of a ticket, which the node carries, or come back after leaving.

        Raises `Refused` if the space does not let this person in, and `AlreadyJoined`.
        """
        space = bytes.fromhex(ticket.space)
        founding = self.client.operation(space, space)
        founded, log = read_first(founding), self.home.log(space)
        assert isinstance(founded, Founding)  # no other entry has the space's own id
        bodies = (self._make_join(ticket, space), *self._introduce(space))
        if len(log):
            return self._come_back(space, bodies)
        first = self._speaker.sign_first(space, bodies[0])
        admit(first, founding)  # what no node would let in is never kept
        doors = tuple(dict.fromkeys([self.client.url, *ticket.doors]))
        return self._speaker.join(first, Note(founded.name, doors), *bodies[1:])

    def lend(self, space: bytes, token: str) -> Receipt:
        """Let the node witness in a space for this person, who keeps it and so has its token."""
        device = bytes.fromhex(self.client.about().device)
        certificate = certify_device(self.home.person, space, device, node=True)
        return self.client.lend(token, space, certificate, self.home.log(space).invitation)

    def say(self, space: bytes, *bodies: Body) -> Spoken:
        """Say these, one after the other, in a space that was joined.

        Raises `NotJoined`, `Copied`, or what the node has against it. When no node answers it is
        kept in the home, and `unsent` says so.
        """
        return self._speaker.say(space, *bodies)

    def look_after(self, space: bytes) -> bool:
        """Hand in what the node lacks of what was said; return whether there was anything."""
        return self._speaker.look_after(space)

    def draw_witnesses(self, space: bytes) -> tuple[str, ...]:
        """Return the devices (hex) that shall witness what is asked next: as many as can be."""
        record = self.client.space(space)
        return draw_witnesses(self.client, record, self.home.log(space).head.id)

    def ask(
        self, space: bytes, tool: Tool, ask: Ask, roll: Sequence[str] = (), seconds: float = 60
    ) -> Question:
        """Ask, and open once the witnesses have accepted; `roll` are the persons of a listed one.

        Raises `TookTooLong` after `seconds`; it is asked then, and can be opened later.
        """
        asked = self.say(space, ask)
        question = Question(self.client, tool, space, asked.ids[-1])
        self.open(question, roll, seconds)
        return question

    def open(self, question: Question, roll: Sequence[str] = (), seconds: float = 60) -> Spoken:
        """Open a question of one's own as soon as its witnesses have accepted."""
        accepts = look_until(lambda: question.accepts() or None, seconds, LOOK, self._pause)
        if accepts is None:
            raise TookTooLong(
                f"The witnesses have not all accepted within {seconds:g} seconds. Open it later."
            )
        parts = part_roll(question.id, roll)
        named = self.say(question.space, *parts).ids if parts else ()
        whole = () if parts else tuple(roll)
        return self.say(question.space, Open(question.id, accepts, whole, tuple(named)))

    def answer(self, question: Question, choice: Struct | None) -> Spoken:
        """Answer, sealed if the question is; `None` takes the answer back. The last one counts.

        Raises `NotOpen`, `NotAllowed`, `NotCounted`, `FalseNode`, and what `say` does.
        """
        return self.say(question.space, self.prepare(question, question.look(), choice))

    def prepare(self, question: Question, view: View, choice: Struct | None) -> Answer:
        """Return the answer that `answer` would sign, so that it can be looked at before."""
        if choice is not None and not question.tool.fits(view.ask, choice):
            raise NotAllowed(
                "The question does not allow that answer. What it asks for is told by: beanjar "
                f"{question.tool.name} show {question.id[:8]}."
            )
        if view.facts.open is not None:
            check_roll(question, view.facts, self.home.me.person)
            check_witnesses(question, view.facts)
        return make_answer(
            question.tool.answer,
            choice,
            view.facts,
            space=question.space,
            device=self.home.device.public,
            secret=secrets.token_bytes(SIZE),
        )

    def end(self, question: Question) -> Spoken:
        """End a question of one's own before its time, if its ask allows that."""
        opened = question.look().facts.open
        if opened is None:
            raise NotOpen("This question is not open, so there is nothing to end.")
        return self.say(question.space, End(opened))

    def _make_join(self, ticket: Ticket, space: bytes) -> Join:
        person = self.home.person
        certificate = certify_device(person, space, self.home.device.public)
        if ticket.invitation is None:
            return Join(certificate)
        return Join(certificate, use_invitation(ticket.invitation, space, person.public))

    def _introduce(self, space: bytes) -> list[Profile]:
        """Return the person's name to say, if the space does not know it; learn it if we do not."""
        me, members = self.home.me, self.client.space(space).members.members
        known = next((each.name for each in members if each.person == me.person), "")
        if not me.name and known != short_name(me.person):
            self.home.rename(known)
        return [Profile(me.name)] if me.name not in {"", known} else []

    def _come_back(self, space: bytes, bodies: Sequence[Body]) -> Spoken:
        """Join again after leaving: the log goes on."""
        log = self.home.log(space)
        if not log.remembered.left:
            raise AlreadyJoined("This device is in that space already.")
        spoken = self.say(space, *bodies)
        with self.home.lock():
            log.change_note(left=False)
        return spoken
