"""A forked log: two different operations of one device at one place, and the proof of it.

The proof is, for each branch, the header at the fork and those after it up to one whose signature
is good. It needs no bodies, so it survives every erasure, and it convinces whoever reads it.
"""

from collections.abc import Sequence
from struct import Struct

import msgspec

from beanjar.ops.errors import BadSignature, Malformed
from beanjar.ops.log import is_signed
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run, write_run

LENGTH = Struct(">I")


class ForkProof(msgspec.Struct, frozen=True):
    """Two branches of one log, each from the fork to a good signature; the smaller id first."""

    left: tuple[Operation, ...]
    right: tuple[Operation, ...]

    @property
    def space(self) -> bytes:
        """The space in which the log is forked."""
        return self.left[0].effective_space

    @property
    def key(self) -> bytes:
        """The device whose log is forked."""
        return self.left[0].key

    @property
    def seq(self) -> int:
        """The place from which nothing in the log counts."""
        return self.left[0].seq


def prove_fork(one: Sequence[Operation], other: Sequence[Operation]) -> ForkProof:
    """Prove that `one` and `other`, which begin at the same place of one log, contradict.

    Each must hold an operation with a good signature. Raises `Malformed` if they do not
    contradict, `BadSignature` if a branch has nobody's signature.
    """
    left, right = sorted(
        (_until_signed(one), _until_signed(other)), key=lambda branch: branch[0].id
    )
    proof = ForkProof(left, right)
    _check_contradiction(proof)
    return proof


def write_fork(proof: ForkProof) -> bytes:
    """Return the proof as bytes: each branch as a run without bodies, its length as u32 before."""
    runs = (write_run(proof.left), write_run(proof.right))
    return b"".join(LENGTH.pack(len(run)) + run for run in runs)


def read_fork(data: bytes) -> ForkProof:
    """Read and check a proof. Raises `Malformed` or `BadSignature` unless it convinces."""
    if len(data) < LENGTH.size:
        raise Malformed("This proof ends too early.")
    middle = LENGTH.size + LENGTH.unpack_from(data)[0]
    left, right = data[LENGTH.size : middle], data[middle + LENGTH.size :]
    if data[middle : middle + LENGTH.size] != LENGTH.pack(len(right)):
        raise Malformed("This proof ends too early, or something follows its end.")
    proof = ForkProof(tuple(read_run(left)), tuple(read_run(right)))
    _check_contradiction(proof)
    return proof


def _until_signed(branch: Sequence[Operation]) -> tuple[Operation, ...]:
    for count, operation in enumerate(branch, start=1):
        if is_signed(operation):
            return tuple(each.without_body() for each in branch[:count])
    raise BadSignature("No entry of this branch is signed by the device that it names.")


def _check_contradiction(proof: ForkProof) -> None:
    left, right = proof.left[0], proof.right[0]
    same_place = (left.key, left.effective_space, left.seq) == (
        right.key,
        right.effective_space,
        right.seq,
    )
    if not same_place or left.id >= right.id:
        raise Malformed("These two entries do not contradict each other, so nothing is forked.")
