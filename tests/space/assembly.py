"""Witnesses' nodes around a question, where a test says who hears what and when."""

from collections.abc import Iterable

from beanjar.base.clock import HOUR
from beanjar.fold.statement import Statement
from beanjar.ops.alone import write_alone
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.opening import Opening
from beanjar.space.question import Close, Closes, Precommit, Prevote, Seen
from beanjar.space.words import Voters, voters_of
from tests.space.replica import Replica
from tests.space.scene import set_scene
from tests.space.tiny import facts_of


class Assembly:
    """A question that is open on the nodes of all its witnesses, in the order of their turns."""

    def __init__(self, n: int, *, sealed: bool = False) -> None:
        self.scene = set_scene(n, sealed=sealed)
        self.now = self.scene.closes - HOUR
        self.nodes = [
            Replica(self.scene.space, self.scene.open.on, device.copied(), 0)
            for device in self.scene.witnesses
        ]
        self.tell([*self.scene.operations, self.scene.opened])
        turns = [self.voters.proposer(turn) for turn in range(n)]
        self.nodes.sort(key=lambda node: turns.index(node.device.name))

    @property
    def on(self) -> str:
        """The id that all words name."""
        return self.scene.opened.id.hex()

    @property
    def voters(self) -> Voters:
        return voters_of(self.scene.space.hex(), self.opening(self.nodes[0]))

    def opening(self, node: Replica) -> Opening:
        [opening] = node.closing.openings()
        return opening

    def facts(self, node: Replica) -> ClosingFacts:
        node.unseal()
        return facts_of(node.space, self.on)

    def tell(self, operations: Iterable[Operation], *nodes: Replica) -> None:
        """Let some nodes, or all, have these."""
        for operation in operations:
            for node in nodes or self.nodes:
                node.take(operation, self.now)

    def hear(self, *nodes: Replica) -> list[Operation]:
        """Let some witnesses, or all, say what they have to say now; nobody else hears it yet."""
        said = []
        for node in nodes or self.nodes:
            for word in node.words(self.now):
                said.append(node.write(word, self.now))
                node.take(said[-1], self.now)
        return said

    def talk(self, *nodes: Replica) -> None:
        """Let these witnesses, or all, talk to one another until none has a word left."""
        chosen = nodes or tuple(self.nodes)
        for node in chosen:
            self.tell(self.words_of(node), *chosen)
        while said := self.hear(*chosen):
            self.tell(said, *chosen)

    def words_of(self, node: Replica) -> list[Operation]:
        """Return all that a witness has said so far."""
        return [each for each in node.held.values() if each.key == node.device.key.public]

    def fetch(self, node: Replica, other: Replica) -> None:
        """Let a node ask another for what it is missing, until it is missing nothing."""
        while names := node.missing():
            for name in names:
                node.take_alone(other.held[name], self.now)

    def wait(self, milliseconds: int) -> None:
        self.now += milliseconds

    def close(self, *nodes: Replica) -> None:
        """Let the deadline pass on these nodes, or all: each logs its close, and no more yet."""
        self.now = max(self.now, self.scene.closes)
        for node in nodes or self.nodes:
            for word in node.words(self.now):
                operation = node.write(word, self.now)
                node.take(operation, self.now)
                if isinstance(word, Close):
                    break

    def lie(self, node: Replica, body: Body) -> Operation:
        """Let a node's device sign something that its program would not say."""
        operation = node.write(body, self.now)
        node.take(operation, self.now)
        return operation

    def close_as(self, node: Replica, *answers: Operation) -> list[Operation]:
        """Let a lying witness close, admitting what it likes; return its batch and its close."""
        pairs = tuple((self.person(node, each), each.id.hex()) for each in answers)
        batch = self.lie(node, Seen(self.on, pairs))
        return [batch, self.lie(node, Close(self.on, batch.id.hex()))]

    def person(self, node: Replica, answer: Operation) -> str:
        said = node.space.read(answer)
        assert said is not None
        return said.person

    def answer(self, place: int, which: int = 0) -> Operation:
        """Return an answer that somebody signs now; nobody has it yet."""
        voter = self.scene.voters[place].copied()
        return voter.write(self.scene.space, self.scene.answers[voter.name][which], self.now)

    def back(self, closes: Closes, turn: int, *nodes: Replica) -> tuple[bytes, ...]:
        """Return prevotes for a set, each whole, which these nodes sign and tell nobody."""
        said = [
            node.device.copied().write(self.scene.space, Prevote(self.on, turn, closes), self.now)
            for node in nodes
        ]
        return tuple(write_alone(each) for each in said)

    def votes(self, node: Replica, kind: type[Prevote] | type[Precommit]) -> dict[int, Closes]:
        """Return what a node's own witness has voted for, by round."""
        return {
            said.body.round: said.body.closes
            for said in self.said(node, kind)
            if isinstance(said.body, Prevote | Precommit) and said.device == node.device.name
        }

    def said(self, node: Replica, kind: type[Body]) -> list[Statement]:
        return node.closing.about(self.opening(node), kind)
