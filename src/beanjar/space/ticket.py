"""A ticket: one string with what a newcomer needs to find a space and to be let in.

ticket = "beanjar:" and the base64url form, without padding, of the JSON of `Ticket`
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import Hex
from beanjar.base.limits import ADDRESS_CHARACTERS, ADDRESSES_TOLD, NODE_ADDRESSES, TICKET_DOORS
from beanjar.space.invitation import Invitation

PREFIX = "beanjar:"


class WrongTicket(BeanjarError):
    """A string that is no ticket."""


class NodeAddress(Struct, frozen=True, forbid_unknown_fields=True):
    """A node that carries the space: its key, and where it can be dialled, each as HOST:PORT."""

    key: Hex
    addresses: Annotated[
        tuple[Annotated[str, Meta(max_length=ADDRESS_CHARACTERS)], ...],
        Meta(max_length=NODE_ADDRESSES),
    ]


class Ticket(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The space, and an invitation if it asks for one.

    It is reached at `doors` (web addresses) with a browser, and by other nodes from `nodes`.
    """

    space: Hex
    doors: Annotated[tuple[str, ...], Meta(max_length=TICKET_DOORS)] = ()
    invitation: Invitation | None = None
    nodes: Annotated[tuple[NodeAddress, ...], Meta(max_length=ADDRESSES_TOLD)] = ()


def write_ticket(ticket: Ticket) -> str:
    """Return the ticket as a string that survives links, chats and QR codes."""
    return PREFIX + urlsafe_b64encode(msgspec.json.encode(ticket)).decode().rstrip("=")


def read_ticket(text: str) -> Ticket:
    """Return what the string says. Raises `WrongTicket` when it is none, or was cut off."""
    encoded = text.strip().removeprefix(PREFIX)
    try:
        data = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        return msgspec.json.decode(data, type=Ticket)
    except (ValueError, msgspec.MsgspecError):
        raise WrongTicket(
            "This is not a ticket, or a part of it is missing. Copy the whole of it, from "
            f"“{PREFIX}” on."
        ) from None
