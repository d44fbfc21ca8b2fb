"""One node of the simulator: what it holds, by the rules of a node, and what its witness says."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from beanjar.fold.statement import Statement
from beanjar.ops.body import Body, Vocabulary
from beanjar.ops.errors import BadSignature
from beanjar.ops.fork import prove_fork
from beanjar.ops.log import check_signature
from beanjar.ops.operation import Operation
from beanjar.space.closing import Closing
from beanjar.space.question import Seen
from beanjar.space.space import Space, know
from beanjar.space.unsealing import Job, unseal
from beanjar.space.witness import Duty
from beanjar.testing.people import Device, make_key
from tests.space.tiny import TINY, TinyAnswer


class Reading(Vocabulary):
    """A vocabulary that reads a body once for all nodes: what is read depends on nothing else."""

    def read(self, body: bytes) -> Body | None:
        return _read(body)


def read(operation: Operation) -> Body | None:
    """Return what an operation says."""
    return _read(operation.body or b"")


@lru_cache(maxsize=4096)
def _read(body: bytes) -> Body | None:
    return _KNOWN.read(body)


_KNOWN = know([TINY])
_READING = Reading(_KNOWN.kinds.values())


class Replica:
    """A node that carries one space and witnesses with one device."""

    def __init__(self, space: bytes, asked: str, device: Device, skew: int) -> None:
        """Begin with nothing; the node's clock is `skew` ms ahead of the true time.

        `asked` is the one question that there will be, by its ask.
        """
        self.device = device
        self._asked = asked
        self.skew = skew
        self.space = Space(space, [TINY])
        self.space.vocabulary = _READING
        self.held: dict[str, Operation] = {}
        self._taken: list[tuple[Operation, bool]] = []
        """All that was taken, in its order, and whether it was asked for: what is on the disk."""
        self._logs: defaultdict[bytes, list[bytes]] = defaultdict(list)
        self._forked: dict[bytes, int] = {}
        self._parked: defaultdict[bytes, list[Operation]] = defaultdict(list)
        self._placed: set[bytes] = set()
        self._late: set[str] = set()
        self._spoilt: set[str] = set()
        self._duty: Duty | None = None

    def take(self, operation: Operation, now: int) -> list[Operation]:
        """Take an operation that arrived at `now`, as far as its log goes; return what is new."""
        waiting, new = [operation], []
        while waiting:
            each = waiting.pop()
            if each.id not in self._placed and self._place(each):
                self._placed.add(each.id)
                self._taken.append((each, False))
                waiting += self._parked.pop(each.id, ())
                if each.id.hex() not in self.held:
                    self._keep(each, now)
                    new.append(each)
        return new

    def take_alone(self, operation: Operation, now: int) -> list[Operation]:
        """Take an operation that was asked for by its id."""
        check_signature(operation)
        if operation.id.hex() in self._spoilt:
            self.held[operation.id.hex()] = operation
        if operation.id.hex() in self.held or not self.space.knows(operation.key):
            return []
        self._taken.append((operation, True))
        self._keep(operation, now)
        return [operation]

    def restarted(self) -> "Replica":
        """Return the node after it was killed: it knows what is on its disk."""
        again = Replica(self.space.id, self._asked, self.device, self.skew)
        for operation, alone in self._taken:
            take = again.take_alone if alone else again.take
            take(operation, 0)
        again._late = self._late
        again._parked = self._parked  # peers send again what does not follow a log
        return again

    def words(self, now: int) -> Iterator[Body]:
        """Yield what the witness has to say; each is to be taken before the next is asked for."""
        while True:
            duty = self._look(self.closing)
            word = duty.next_word(now + self.skew, self)
            if word is None:
                return
            yield word
            if isinstance(word, Seen) and duty.may_wait(word, now + self.skew):
                return

    def is_done(self) -> bool:
        """Say whether the witness will never have to say anything more."""
        return self._look(self.closing).is_done()

    def write(self, body: Body, now: int) -> Operation:
        """Sign a body as what the device says next."""
        return self.device.write(self.space.id, body, now + self.skew)

    @property
    def closing(self) -> Closing:
        """The closing of the one question."""
        return self.space.closing(self._asked)

    def unseal(self) -> None:
        """Open the sealed answers; each is opened once in a process."""
        self.closing.remember({job.answer: _unseal(job) for job in self.closing.jobs()})

    def missing(self) -> tuple[str, ...]:
        """Return what this node asks others for by id."""
        return (*self.closing.missing(), *self._spoilt)

    def admits(self, answer: Statement) -> bool:
        """Admit what came in time from a member, under a good signature of its own."""
        if self.find_signed(answer.id) is None or answer.id in self._late:
            return False
        return self.space.members.has(answer.person)

    def find_signed(self, name: str) -> Operation | None:
        try:
            check_signature(self.held[name])
        except BadSignature:
            self._spoilt.add(name)
            return None
        self._spoilt.discard(name)
        return self.held[name]

    def secret_for(self, ask: str) -> bytes:
        return make_key(f"{self.device.name} {ask}").seed

    def abstains(self, asked: str) -> bool:
        del asked
        return False

    def _look(self, closing: Closing) -> Duty:
        """Return the duty, brought up to date if the fold was rebuilt."""
        if self._duty is None:
            self._duty = Duty(closing, self.device.name)
        elif self._duty.closing is not closing:
            self._duty = self._duty.rebuilt(closing)
        return self._duty

    def _place(self, operation: Operation) -> bool:
        """Say whether an operation can be taken: it follows its log, or it is past a fork of it."""
        log, forked = self._logs[operation.key], self._forked.get(operation.key)
        if operation.seq == len(log) and (not log or operation.prev == log[-1]):
            log.append(operation.id)
            return True
        if operation.seq < len(log) and (forked is None or operation.seq < forked):
            other = self.held[log[operation.seq].hex()]
            self._forked[operation.key] = operation.seq
            self.space.cut(prove_fork([other], [operation]))
            return True
        if forked is not None and operation.seq >= forked:
            return True
        self._parked[operation.prev].append(operation)
        return False

    def _keep(self, operation: Operation, now: int) -> None:
        self.held[operation.id.hex()] = operation
        said = self.space.add(operation)
        if said is not None and isinstance(said.body, TinyAnswer) and self._is_late(said, now):
            self._late.add(said.id)

    def _is_late(self, said: Statement, now: int) -> bool:
        """Say whether an answer came after the deadline by this node's own clock."""
        question = self.space.subject_of(said)
        if question is None:
            return False
        return now + self.skew >= self.space.closing(question).ask.terms.closes


_UNSEALED: dict[tuple[str, tuple[tuple[int, bytes], ...]], bytes | None] = {}


def _unseal(job: Job) -> bytes | None:
    name = (job.answer, tuple(sorted(job.private_keys.items())))
    if name not in _UNSEALED:
        _UNSEALED[name] = unseal(job)
    return _UNSEALED[name]
