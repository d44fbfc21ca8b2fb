"""Who witnesses: drawn for what is asked, and checked on this machine before it is answered.

An answer is sealed to keys that a node hands out. A false node could hand out its own, or call a
sealed question an open one. So the ask, the open and each accept are read here, each by its id and
under its own signature, and must say the same.
"""

from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.client.question import Question
from beanjar.client.records import SpaceRecord
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.closing_view import ClosingFacts, WitnessView
from beanjar.space.drawing import count_drawn, draw
from beanjar.space.question import QUORUMS, Accept, Ask, Open
from beanjar.space.space import know


class FalseNode(BeanjarError):
    """A node that says of a question what its asker and its witnesses did not."""


def draw_witnesses(
    client: Client, record: SpaceRecord, seed: bytes, wished: int | None = None
) -> tuple[str, ...]:
    """Return the devices (hex) that an ask shall name, drawn from those who offer.

    `seed` is the id of what this device said last, `wished` how many are to be drawn, by default
    as many as the offers fill. Where nobody may be drawn, the node spoken to witnesses.
    """
    fillable = count_drawn(record.offers)
    if not fillable and wished in {None, 1}:
        return (_device_of(client, record),)
    return draw(seed, record.offers, wished or fillable)


def check_witnesses(question: Question, facts: ClosingFacts) -> None:
    """Check that answers will be sealed as the ask says, to the witnesses' own keys.

    Raises `FalseNode`.
    """
    _, ask = _read(question, question.id)
    _, opened = _read(question, facts.open)
    devices = tuple(each.device for each in facts.witnesses)
    accepts = tuple(each.accept for each in facts.witnesses)
    _insist(isinstance(ask, Ask) and ask.terms.witnesses == devices)
    _insist(isinstance(ask, Ask) and ask.terms.sealed == facts.sealed)
    _insist(isinstance(opened, Open) and (opened.on, opened.accepts) == (question.id, accepts))
    _insist(facts.quorum == QUORUMS.get(len(devices)))
    for witness in facts.witnesses:
        _insist(_has_accepted(question, witness))


def _device_of(client: Client, record: SpaceRecord) -> str:
    device = client.about().device
    if not any(device in each.devices for each in record.members.members):
        raise BeanjarError(
            f"The node at {client.url} is no member's, so it cannot witness. Whoever keeps it "
            "lends it with: beanjar space lend. Or name a witness with --witness."
        )
    return device


def _has_accepted(question: Question, witness: WitnessView) -> bool:
    operation, accept = _read(question, witness.accept)
    return accept == Accept(question.id, witness.key or "") and (
        operation.key.hex() == witness.device
    )


def _read(question: Question, name: str | None) -> tuple[Operation, Body | None]:
    operation = question.client.operation(question.space, bytes.fromhex(name or ""))
    return operation, know([question.tool]).read(operation.body or b"")


def _insist(holds: bool) -> None:  # noqa: FBT001 - the one thing it is about
    if not holds:
        raise FalseNode(
            "This node says of the question what its asker and its witnesses have not signed. "
            "Nothing was answered. Use another node."
        )
