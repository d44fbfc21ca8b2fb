"""People who keep nodes elsewhere, as far as the node here can tell: by what arrives of them."""

from collections.abc import Sequence
from hashlib import sha256

from beanjar.client.client import Client
from beanjar.ops.body import Body
from beanjar.ops.run import write_run
from beanjar.space.charter import Profile
from beanjar.space.offers import Offer
from beanjar.space.question import Accept
from beanjar.testing.people import Device, Person
from tests.main.terminal import Terminal
from tests.space.panel import publish


class Keepers:
    """People in a terminal's only space; each has a phone and a node, which offers to witness."""

    def __init__(self, terminal: Terminal, names: Sequence[str]) -> None:
        self._terminal = terminal
        (log,) = terminal.home.logs()
        self.space = log.space
        # Whatever the test before was called, its people are not ours.
        self.people = [Person(f"{name} of {self.space.hex()}") for name in names]
        self.nodes = [person.new_device("node") for person in self.people]
        for name, person, node in zip(names, self.people, self.nodes, strict=True):
            self.say(person.device, Profile(name))
            self.say(node, Offer())

    def say(self, device: Device, body: Body) -> None:
        """Let a device say something here, joining first if it has not."""
        node = self._terminal.node
        now, known = node.clock.now(), node.node.space(self.space).knows(device.key.public)
        joining = [] if known else [device.join(self.space, now)]
        client = Client(node.url)
        client.submit(self.space, write_run([*joining, device.write(self.space, body, now)]))
        client.close()

    def accept(self, place: int, question: str) -> None:
        """Let a node accept to witness a question."""
        node = self.nodes[place]
        key = publish(sha256(node.key.seed + bytes.fromhex(question)).digest())
        self.say(node, Accept(question, key.hex()))
