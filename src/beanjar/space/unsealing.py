"""Opening many sealed answers: each by itself, so that any number of processors can share them."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from beanjar.fold.statement import Statement
from beanjar.space.opening import Opening
from beanjar.space.question import Answer, Key
from beanjar.space.sealing import BadlyDealt, Context, fits, open_sealed


class Job(Struct, frozen=True):
    """One sealed answer, by id, with all that opens it: see `beanjar.space.sealing`."""

    answer: str
    blob: bytes
    size: int
    witness_keys: tuple[bytes, ...]
    quorum: int
    context: Context
    private_keys: Mapping[int, bytes]


Unsealed = dict[str, bytes | None]
"""What sealed answers held, by id; `None` where an answer is void."""


def published_keys(opening: Opening, keys: Iterable[Statement]) -> dict[int, bytes]:
    """Return the private keys that witnesses have published, by the witness's place.

    One that does not fit the key that its witness had accepted with counts as not published.
    """
    published = {}
    for said in keys:
        if isinstance(said.body, Key) and said.device in opening.devices:
            place = opening.devices.index(said.device)
            secret = bytes.fromhex(said.body.secret)
            if fits(secret, bytes.fromhex(opening.keys[place])):
                published[place] = secret
    return published


def make_job(space: str, opening: Opening, said: Statement, keys: Mapping[int, bytes]) -> Job:
    """Return the job of opening one sealed answer with these published keys."""
    assert isinstance(said.body, Answer)
    ids = (space, opening.said.id, said.device)
    return Job(
        answer=said.id,
        blob=said.body.sealed,
        size=said.body.sealed_size,
        witness_keys=tuple(bytes.fromhex(key) for key in opening.keys),
        quorum=opening.quorum,
        context=Context(*(bytes.fromhex(each) for each in ids)),
        private_keys=keys,
    )


def unseal(job: Job) -> bytes | None:
    """Return what the sealed answer holds, or `None` if it is void."""
    try:
        return open_sealed(
            job.blob, job.size, job.witness_keys, job.quorum, job.context, job.private_keys
        )
    except BadlyDealt:
        return None


def unseal_all(jobs: Iterable[Job], each: Callable[[Job], bytes | None] = unseal) -> Unsealed:
    """Do all the jobs, one after the other."""
    return {job.answer: each(job) for job in jobs}
