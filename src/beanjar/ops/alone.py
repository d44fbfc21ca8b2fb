"""An operation that travels by itself: what a closed question names, and what its witnesses say.

    alone = header 160, signature 64, salt 16, body

It counts by its own good signature, whatever became of the log it stood in.
"""

from hashlib import sha256

from beanjar.base.limits import BODY_BYTES, INTEGER
from beanjar.ops.errors import Malformed
from beanjar.ops.log import check_place, check_signature
from beanjar.ops.operation import LAYOUT, MAGIC, Operation, hash_body

_SIGNATURE = LAYOUT.size
_SALT = _SIGNATURE + 64
_BODY = _SALT + 16


def write_alone(operation: Operation) -> bytes:
    """Return a whole operation as bytes. Raises `Malformed` if its body is not here."""
    if operation.salt is None or operation.body is None:
        raise Malformed("The body of this entry is not here, so it cannot be shown whole.")
    return operation.header + operation.signature + operation.salt + operation.body


def read_alone(data: bytes) -> Operation:
    """Read and verify what `write_alone` wrote. Raises `Malformed` or `BadSignature`."""
    if len(data) < _BODY:
        raise Malformed("This entry ends too early.")
    magic, space, key, seq, time, prev, digest, until, size = LAYOUT.unpack_from(data)
    signature, salt, body = data[_SIGNATURE:_SALT], data[_SALT:_BODY], data[_BODY:]
    name = sha256(data[:_SIGNATURE]).digest()
    operation = Operation(
        name, space, key, seq, time, prev, digest, until, size, signature, salt, body
    )
    if magic != MAGIC or size != len(body) or digest != hash_body(salt, body):
        raise Malformed("The header of this entry does not fit its body.")
    if size > BODY_BYTES or max(seq + 1, time, until) > INTEGER:
        raise Malformed("This entry is out of bounds: its size, its place or one of its times.")
    check_place(space, seq, prev)
    check_signature(operation)
    return operation
