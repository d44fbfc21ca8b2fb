"""A space behind a door: what people send goes through HTTP, to a real node on a real disk."""

from collections.abc import Mapping, Sequence

import msgspec
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from beanjar.base.clock import MINUTE
from beanjar.base.limits import ROLL_PART
from beanjar.node.node import Node
from beanjar.ops.body import Body
from beanjar.ops.device import certify_device
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.space.charter import Charter, Founding
from beanjar.space.question import Open, RollPart, Terms
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Device, Person
from tests.web.hands import Hand, HandsAnswer, HandsAsk

BYTES = {"content-type": "application/octet-stream"}


class Table:
    """The space, its door and its founder, whose node witnesses."""

    def __init__(
        self, client: TestClient[Litestar], node: Node, clock: HandClock, founder: Person
    ) -> None:
        self.client = client
        self.node = node
        self.clock = clock
        self.founder = founder
        self.id = bytes(32)

    @property
    def name(self) -> str:
        return self.id.hex()

    def found(self, charter: Charter | None = None, purpose: str = "To eat together.") -> Response:
        certificate = self.founder.device.certificate(bytes(32))
        body = Founding("The table", certificate, purpose, charter or Charter())
        operation = self.founder.device.found(body, self.clock.now())
        self.id = operation.id
        return self.client.post("/api/spaces", content=write_run([operation]), headers=BYTES)

    def send(self, *run: Operation) -> Response:
        return self.post(write_run(run))

    def post(self, data: bytes) -> Response:
        return self.client.post(f"/api/spaces/{self.name}/runs", content=data, headers=BYTES)

    def join(self, device: Device) -> Operation:
        return device.join(self.id, self.clock.now())

    def write(self, device: Device, body: Body, until: int = 0) -> Operation:
        return device.write(self.id, body, self.clock.pass_time(), until)

    def say(self, device: Device, body: Body) -> str:
        """Let a device say something, joining first if it has not; return the operation's id."""
        joining = [] if self.node.space(self.id).knows(device.key.public) else [self.join(device)]
        answer = self.send(*joining, self.write(device, body))
        assert answer.status_code == 201, answer.text
        name: str = answer.json()["id"]
        return name

    def lend(self, token: str | None = None) -> Response:
        """Let the node take part as the founder's."""
        certificate = certify_device(self.founder.key, self.id, self.node.device, node=True)
        return self.client.post(
            f"/api/keeper/spaces/{self.name}/device",
            content=msgspec.json.encode({"certificate": certificate}),
            headers={"authorization": f"Bearer {token or self.node.token}"},
        )

    def keep(self, what: str, token: str | None = None) -> Response:
        """Let the node offer or stop offering to witness, as its keeper says."""
        return self.client.post(
            f"/api/keeper/spaces/{self.name}/{what}",
            headers={"authorization": f"Bearer {token or self.node.token}"},
        )

    def tick(self) -> None:
        with self.client.portal() as portal:
            portal.call(self.node.tick)

    def ask(self, title: str, roll: Sequence[str] = ()) -> str:
        """Ask for a show of hands and open it; return the id that answers name.

        Only the persons (hex) of a `roll` may answer; a long one is said in parts.
        """
        if not self.node.space(self.id).knows(self.node.device):
            assert self.lend().status_code == 201
        witness = self.node.device.hex()
        closes = self.clock.now() + 60 * MINUTE
        terms = Terms(closes, (witness,), sealed=False, listed=bool(roll))
        asked = self.say(self.founder.device, HandsAsk(terms, title))
        self.tick()
        accept = self.node.space(self.id).closing(asked).accepts()[witness]
        parts = tuple(
            self.say(self.founder.device, RollPart(asked, tuple(roll[start : start + ROLL_PART])))
            for start in range(0, len(roll), ROLL_PART)
        )
        opened = self.say(self.founder.device, Open(asked, (accept.id,), parts=parts))
        self.tick()
        return opened

    def raise_hands(self, opened: str, people: Sequence[Person]) -> None:
        for person in people:
            self.say(person.device, HandsAnswer(opened, choice=Hand(up=True)))

    def close(self, opened: str) -> None:
        """Let the deadline pass and the node do what is then due."""
        self.tick()
        closes = self.node.space(self.id).closing(opened).ask.terms.closes
        self.clock.pass_time(closes - self.clock.now())
        self.tick()

    def read(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        return self.client.get(path.replace("SPACE", self.name), headers=headers)
