"""Questions really asked, answered and closed, with people saying all sorts of things besides."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st

from beanjar.base.errors import BeanjarError
from beanjar.fold.engine import UnknownSubject
from beanjar.main.tools import TOOLS
from beanjar.ops.body import Body
from beanjar.ops.device import LastWord, revoke_device
from beanjar.space.charter import Charter, Erase, Founding, Join, Revoke
from beanjar.space.offers import Offer
from beanjar.space.tool import Tool
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person
from beanjar.testing.statements import Names, bodies
from tests.space.tiny import TINY

ALL = (*TOOLS, TINY)
"""Every tool, and one whose notes can be erased and may expire."""

TRIES = 8
"""How often somebody thinks again who has come up with a choice that does not fit."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


class Play:
    """A gathering in which chance decides what is said."""

    def __init__(self, draw: Draw, tool: Tool) -> None:
        """Gather Ada, who founds, Ben with two devices, and Cal; one node witnesses, or four do."""
        self.draw = draw
        self.tool = tool
        self.people = [Person("Ada"), Person("Ben"), Person("Cal")]
        self.devices = {person.device: person for person in self.people}
        self.devices[self.people[1].new_device("laptop")] = self.people[1]
        named = draw(st.lists(st.sampled_from([each.id for each in self.people]), max_size=2))
        charter = Charter(erasers=draw(st.integers(0, 2)), witnesses=tuple(named))
        self.gathering = Gathering(self.people[0], [tool], charter)
        keepers = [self.people[0]]
        if not draw(st.integers(0, 3)):
            keepers += [*self.people[1:], Person("Dan")]
        for keeper in keepers:
            self.gathering.add_witness(keeper)

    def run(self) -> Gathering:
        """Ask, answer and chat, perhaps close, chat on; then perhaps ask again."""
        for _ in range(self.draw(st.integers(1, 2))):
            try:
                opened = self.ask()
            except UnknownSubject:
                break  # the witness has lost its device, so nothing opens any more
            self.answer(opened)
            self.chat()
            self.gathering.attend(opened)
            self.open_again(opened)
            self.answer(opened)
            if self.draw(st.booleans()):
                self.gathering.close(opened)
            self.follow_up(opened)
            self.chat()
        return self.gathering

    def ask(self) -> str:
        """Let somebody ask something that makes sense; return the id that answers name."""
        asker, *others = self.draw(st.permutations(self.people))
        roll = others if self.draw(st.booleans()) else []
        terms = self.gathering.terms(
            sealed=self.draw(st.booleans()),
            listed=bool(roll),
            asker_may_end=self.draw(st.booleans()),
            ends_when_all_answered=self.draw(st.booleans()),
        )
        ask = self.draw(bodies(self.tool.ask, self.names()))
        return self.gathering.ask(asker, msgspec.structs.replace(ask, terms=terms), roll)

    def open_again(self, opened: str) -> None:
        """Let the asker open a second time, as they should not, and some answer that one."""
        said = self.gathering.space.read(self.gathering.find_operation(opened))
        if said is not None and self.draw(st.booleans()):
            asker = next(each for each in self.devices if each.name == said.device)
            self.answer(self.gathering.say(asker, said.body))

    def answer(self, opened: str) -> None:
        """Let some answer, perhaps twice, in the clear where it should be sealed, or too late."""
        for device in self.draw(st.lists(st.sampled_from(list(self.devices)), max_size=4)):
            self.gathering.say(device, self.make_answer(device, opened, self.choose(opened)))

    def choose(self, opened: str) -> msgspec.Struct | None:
        """Return a choice, or none, which withdraws; one that fits if it comes up soon."""
        ask = self.gathering.space.closing(opened).ask
        choice = None
        for _ in range(self.draw(st.integers(0, TRIES))):
            choice = self.draw(bodies(self.tool.answer.choice_type, self.names()))
            if self.tool.fits(ask, choice):
                break
        return choice

    def make_answer(self, device: Device, opened: str, choice: msgspec.Struct | None) -> Body:
        """Return the answer as a client makes it, and now and then in the clear."""
        if self.draw(st.integers(0, 5)):
            try:
                return self.gathering.prepare(device, opened, choice)
            except BeanjarError:
                pass  # the question is closed, and somebody answers all the same
        fields = {"on": opened, "choice": choice}
        return msgspec.convert(fields, self.tool.answer, from_attributes=True)

    def chat(self) -> None:
        """Let people say anything at all, of whatever has been said, and lose a device."""
        known = set(self.gathering.space.vocabulary.kinds.values()) - {Founding, Join}
        kinds = st.sampled_from(sorted(known, key=lambda kind: kind.__name__))
        own = st.sampled_from([*self.tool.bodies, Erase, Offer])
        for _ in range(self.draw(st.integers(0, 6))):
            device = self.draw(st.sampled_from(list(self.devices)))
            self.gathering.say(device, self.draw(bodies(self.draw(own | kinds), self.names())))
        if self.draw(st.integers(0, 7)) == 5:
            self.revoke()

    def follow_up(self, opened: str) -> None:
        """Let the asker say the tool's own things about the question, some of them twice."""
        ask = self.gathering.space.closing(opened).asked
        asker = next(each for each in self.devices if ask and each.name == ask.device)
        about = msgspec.structs.replace(self.names(), ids=(opened,))
        for kind in self.draw(st.lists(st.sampled_from(self.tool.bodies), max_size=3)):
            self.gathering.say(asker, self.draw(bodies(kind, about)))

    def revoke(self) -> None:
        """Let a person revoke one of their devices, in a log of anybody's."""
        lost, messenger = (self.draw(st.sampled_from(list(self.devices))) for _ in range(2))
        log = [each for each in self.gathering.operations if each.key == lost.key.public]
        if log:
            last = self.draw(st.sampled_from(log))
            word = LastWord(self.gathering.space.id, last.key, last.seq, last.id)
            signature = revoke_device(self.devices[lost].key, word)
            self.gathering.say(messenger, Revoke(lost.name, last.seq, last.id.hex(), signature))

    def names(self) -> Names:
        """Return the names of all that is here, those of questions oftener than the others."""
        ids = [each.id.hex() for each in self.gathering.operations]
        asked = self.gathering.space.subjects(self.tool) * 4
        return Names(
            (*ids, *asked), {device.name: person.id for device, person in self.devices.items()}
        )


@st.composite
def plays(draw: Draw, tools: Sequence[Tool]) -> Gathering:
    """Return the gathering after a play with one of the tools."""
    return Play(draw, draw(st.sampled_from(tools))).run()
