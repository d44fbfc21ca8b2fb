"""Cuts a log into runs, each of which ends at a good signature."""

from collections.abc import Iterator, Sequence

from beanjar.base.limits import RUN_BODY_BYTES, RUN_OPERATIONS
from beanjar.ops.errors import BadSignature
from beanjar.ops.log import is_signed
from beanjar.ops.operation import Operation


def split_runs(operations: Sequence[Operation]) -> Iterator[Sequence[Operation]]:
    """Yield consecutive operations of one log as runs within the limits.

    The last operation's signature must be good, and every one must be valid: so within the limits
    of any operation there is another good signature, and a run can end there. Raises
    `BadSignature` where that does not hold.
    """
    start = 0
    while start < len(operations):
        end = _furthest(operations, start)
        while end < len(operations) and not is_signed(operations[end - 1]):
            end -= 1
        if end == start:
            raise BadSignature("This log holds entries for which no signature vouches.")
        yield operations[start:end]
        start = end


def _furthest(operations: Sequence[Operation], start: int) -> int:
    total = 0
    for end in range(start, min(start + RUN_OPERATIONS, len(operations))):
        total += operations[end].size
        if total > RUN_BODY_BYTES:
            return end
    return min(start + RUN_OPERATIONS, len(operations))
