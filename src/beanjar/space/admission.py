"""Whose log this is, and whether they may take part: decided by the first operation alone."""

from beanjar.ops.body import Body, Vocabulary
from beanjar.ops.device import is_certified
from beanjar.ops.errors import Refused
from beanjar.ops.operation import Operation
from beanjar.space.charter import BODIES, Founding, Join
from beanjar.space.invitation import check_invitation

_VOCABULARY = Vocabulary(BODIES)


def read_first(operation: Operation) -> Founding | Join:
    """Return what the first operation of a log says, or raise `Refused` if it begins none."""
    body = _VOCABULARY.read(operation.body or b"")
    if operation.seq != 0 or operation.until or not isinstance(body, Founding | Join):
        raise Refused("Whoever speaks here joins first: this log does not begin with a join.")
    if isinstance(body, Founding) != (operation.effective_space == operation.id):
        raise Refused("A space is founded once, by the operation that gives it its id.")
    return body


def admit(operation: Operation, founding: Operation) -> str:
    """Return the person (hex) whose device's log begins with `operation`.

    `founding` is the first operation of the space. Raises `Refused` when the person key did not
    sign for this device, `NotInvited` when the charter does not let them in.
    """
    body, found = read_first(operation), read_first(founding)
    node = isinstance(body, Join) and body.node
    if not is_certified(body.certificate, operation.space, operation.key, node=node):
        raise Refused("The person named here did not say that this device is theirs.")
    if isinstance(body, Join) and _by_invitation(found):
        check_invitation(
            body.invitation,
            founding.id,
            founder=found.certificate.person,
            person=body.certificate.person,
            time=operation.time,
        )
    return body.certificate.person


def _by_invitation(found: Body) -> bool:
    return isinstance(found, Founding) and found.charter.admission == "invitation"
