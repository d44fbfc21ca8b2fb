"""How the door says no: a sentence and a fitting status, as JSON or as a page."""

import logging

from litestar import Response
from litestar.exceptions import HTTPException, InternalServerException
from litestar.types import ExceptionHandlersMap
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import REQUEST_BYTES
from beanjar.fold.engine import UnknownSubject
from beanjar.node.files import NoSuchFile, NotNamed
from beanjar.node.quotas import OverQuota
from beanjar.node.spaces import UnknownSpace
from beanjar.ops.errors import BadSignature, BrokenChain, Forked, Malformed, Refused
from beanjar.space.members import NotFounded
from beanjar.store.errors import DiskFull, StoreError, Unknown
from beanjar.web.bounds import TooMany, TooMuch
from beanjar.web.door import Call, door_of
from beanjar.web.writing import VARY, speaker_for, write_page

BUG = 500
log = logging.getLogger("beanjar.web")


class NotHere(BeanjarError):
    """An address at which there is nothing."""


class NotTheKeeper(BeanjarError):
    """A request that only the keeper's own programs may make."""


class StillNeeded(BeanjarError):
    """A space that cannot be left without harm, unless its keeper says so."""


class NoNetwork(BeanjarError):
    """A request about neighbours, to a node that has none by its keeper's choice."""


class ExampleNotMade(BeanjarError):
    """An example that was begun and could not be finished."""


class WrongHost(BeanjarError):
    """A request that was meant for another host."""


class WrongType(BeanjarError):
    """A request whose body is declared as something else."""


STATUSES: dict[type[BaseException], int] = {
    BeanjarError: 400,
    Malformed: 400,
    NotTheKeeper: 401,
    Refused: 403,
    BadSignature: 403,
    NotHere: 404,
    NoSuchFile: 404,
    NotNamed: 409,
    NotFounded: 404,
    Unknown: 404,
    UnknownSpace: 404,
    UnknownSubject: 404,
    BrokenChain: 409,
    NoNetwork: 409,
    StillNeeded: 409,
    Forked: 409,
    TooMuch: 413,
    WrongType: 415,
    WrongHost: 421,
    TooMany: 429,
    ExampleNotMade: 503,
    StoreError: 503,
    DiskFull: 507,
    OverQuota: 507,
}
SENTENCES = {
    404: "Nothing is at this address. Whoever gave it to you may have cut a part of it off.",
    405: "This address is there, but not for that.",
    413: f"This is too large: {REQUEST_BYTES} bytes fit in one request. Send it in parts.",
}
UNREADABLE = (
    "This is not in the form that this address takes. At /schema it says which form that is."
)
BROKEN = "Something in this program went wrong; its log says what. Trying again may help."


class Refusal(Struct, frozen=True):
    """What a program is told."""

    error: str


def refuse(request: Call, error: Exception) -> Response[bytes] | Response[Refusal]:
    """Answer a request that led to an error."""
    status, sentence, headers = _judge(error)
    if _reads_json(request.scope["path"]):
        told = speaker_for(request).retell(sentence) or sentence
        headers |= {"vary": VARY}
        return Response(
            Refusal(told), status_code=status, headers=headers, media_type="application/json"
        )
    if isinstance(error, NotFounded):
        peers = door_of(request).peers
        connected = len(peers.neighbours) if peers else 0
        return write_page(request, "arriving.html", {"connected": connected}, status=status)
    shown = {"sentence": sentence, "status": status}
    return write_page(request, "refused.html", shown, status=status, headers=headers)


def refuse_file(request: Call, _: Exception) -> Response[bytes] | Response[Refusal]:
    """Answer a request for a file whose name no disk can have: too long, or with a zero in it."""
    return refuse(request, NotHere(SENTENCES[404]))


HANDLERS: ExceptionHandlersMap = {Exception: refuse}
FILE_HANDLERS: ExceptionHandlersMap = {
    InternalServerException: refuse_file,
    ValueError: refuse_file,
}


def _judge(error: Exception) -> tuple[int, str, dict[str, str]]:
    """Return the status, what to say, and what to add to the headers."""
    if isinstance(error, BeanjarError):
        return _status_of(type(error)), str(error), _headers(error)
    if isinstance(error, HTTPException) and error.status_code < BUG:
        sentence = SENTENCES.get(error.status_code, UNREADABLE)
        return error.status_code, sentence, dict(error.headers or {})
    if isinstance(error, RecursionError) and "deserializing" in str(error):
        return 400, UNREADABLE, {}  # JSON in JSON, too deep to be read
    log.error("A request could not be answered.", exc_info=error)
    return BUG, BROKEN, {}


def _status_of(kind: type[BeanjarError]) -> int:
    return next(STATUSES[each] for each in kind.__mro__ if each in STATUSES)


def _headers(error: BeanjarError) -> dict[str, str]:
    match error:
        case TooMany():
            return {"retry-after": str(error.seconds)}
        case NotTheKeeper():
            return {"www-authenticate": "Bearer"}
    return {}


def _reads_json(path: str) -> bool:
    return path.startswith(("/api", "/schema")) or path.endswith(".json")
