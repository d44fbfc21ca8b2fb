"""Messages as the payload of frames, and back."""

import msgspec

from beanjar.base.errors import BeanjarError
from beanjar.sync.membership import Cards, Far, Near, Newcomer, Shuffle, Shuffled
from beanjar.sync.messages import (
    AskIds,
    Chunk,
    Find,
    Fork,
    Found,
    Got,
    Heads,
    HeldBody,
    Hello,
    Ids,
    Lazy,
    Loose,
    Message,
    Ping,
    Pong,
    Push,
    Root,
    Runs,
    Same,
    Seen,
    Spaces,
    Tell,
    Walk,
    Want,
    WantBodies,
    WantChunks,
    WantFork,
)


class BadMessage(BeanjarError):
    """A peer sent something that is no message of this protocol."""


AnyMessage = (
    Hello | Seen | Spaces | Root | Same | Walk | Heads | Tell | Want | Runs | Push | Got | AskIds
    | Ids | WantFork | Fork | Loose | Find | Found | WantBodies | HeldBody | WantChunks | Chunk
    | Lazy | Cards | Near | Far | Newcomer | Shuffle | Shuffled | Ping | Pong
)  # fmt: skip

_ENCODER = msgspec.msgpack.Encoder()
_DECODER: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(AnyMessage)


def write_message(message: Message) -> bytes:
    """Return a message as the payload of a frame."""
    return _ENCODER.encode(message)


def read_message(data: bytes) -> Message:
    """Read the payload of a frame, or raise `BadMessage`."""
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadMessage(f"This is no message of Beanjar's protocol: {error}.") from None
