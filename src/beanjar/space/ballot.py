"""How a person's client makes an answer: in the clear, or sealed to the witnesses."""

import msgspec
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import Answer
from beanjar.space.sealing import Context, seal


class NotOpen(BeanjarError):
    """A question that takes no answers."""


def make_answer(
    kind: type[Answer],
    choice: Struct | None,
    facts: ClosingFacts,
    *,
    space: bytes,
    device: bytes,
    secret: bytes,
) -> Answer:
    """Return the answer to sign; `None` withdraws. `secret` is 32 random bytes, used once.

    `space` and `device` (the key that will sign) have 32 bytes. Raises `NotOpen` when the question
    takes no answers, `CannotSeal` when the choice is too long.
    """
    if facts.state != "open" or facts.open is None:
        raise NotOpen("This question does not take answers: it is not open yet, or closed already.")
    if choice is None:
        return kind(facts.open)
    if not facts.sealed:
        return msgspec.convert({"on": facts.open, "choice": choice}, kind, from_attributes=True)
    keys = [bytes.fromhex(witness.key or "") for witness in facts.witnesses]
    context = Context(space, bytes.fromhex(facts.open), device)
    written = msgspec.json.encode(choice)
    return kind(facts.open, seal(secret, written, kind.sealed_size, keys, facts.quorum, context))
