"""What must hold in every simulated network, looked at while it runs and once it is calm."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from msgspec import Struct

from beanjar.base.clock import HOUR, MINUTE
from beanjar.lab.shown import heeds_forks, read_anew, show
from beanjar.lab.timeline import Timeline
from beanjar.lab.weighing import find_excess
from beanjar.ops.operation import Operation
from beanjar.space.closing import Closing
from beanjar.space.closing_view import Contradiction
from beanjar.space.question import QUORUMS, Closes, Key, Seen
from beanjar.space.space import Space

if TYPE_CHECKING:
    from beanjar.lab.host import Host

SAMPLE = 16
"""Nodes whose memory is looked at each time."""

LONELY = MINUTE
"""How long a node may have none but hostile neighbours, once all is calm, in ms."""

OFF = HOUR
"""How wrong the clock of a node may be that is to agree with others in time, in ms."""


class Broken(Exception):
    """Something that must always hold, and does not."""


class Asked(Struct):
    """A question, and whom it needs. `opened` is an id once it was opened."""

    space: bytes
    witnesses: Sequence["Host"]
    lying: int
    opened: str = ""


class Watch:
    """Looks at the honest nodes of one simulation."""

    def __init__(self, timeline: Timeline, hosts: Sequence["Host"], chance: Random) -> None:
        """Look at these hosts."""
        self.hosts = hosts
        self.admitted: set[bytes] = set()
        """Devices that may speak."""
        self.delays = array("q")
        """For each operation and node how long it took to get there, in ms."""
        self.acknowledgements = 0
        self._timeline = timeline
        self._chance = chance
        self._said: dict[bytes, int] = {}
        self._erased: set[bytes] = set()
        self._kept: defaultdict[bytes, dict[tuple[bytes, bytes], Operation]] = defaultdict(dict)
        """By node: the last operation of each log that it has acknowledged."""
        self._questions: dict[str, Asked] = {}
        self._results: dict[str, tuple[str, Closes]] = {}
        self._counts: dict[str, list[tuple[str, str]]] = {}
        self._settled: set[tuple[bytes, str]] = set()
        self._trusted: set[bytes] = set()
        """Devices of witnesses who do not lie."""
        self._befriended: dict[tuple[bytes, bytes], int] = {}
        """By node and space: when it was last seen to have an honest neighbour."""
        for host in hosts:
            host.on_took, host.on_said = self._took, self._look_at_all

    @property
    def honest(self) -> list["Host"]:
        """The nodes that are up."""
        return [each for each in self.hosts if each.is_up]

    @property
    def agreeing(self) -> list["Host"]:
        """Those of them whose clocks are right enough to agree on what lies in the future."""
        return [each for each in self.honest if abs(each.skew) <= OFF]

    @property
    def settled(self) -> int:
        """How many questions are settled."""
        return len(self._results)

    def said(self, operation: Operation) -> None:
        """Note that somebody has just said something."""
        self._said[operation.id] = self._timeline.now

    def erased(self, operation: Operation) -> None:
        """Note that who has said something wants it erased."""
        self._erased.add(operation.id)

    def acknowledged(self, host: "Host", space: bytes, last: Operation) -> None:
        """Note that a node has promised to keep a log up to here."""
        self.acknowledgements += 1
        known = self._kept[host.key].get((space, last.key))
        if known is None or known.seq < last.seq:
            self._kept[host.key][space, last.key] = last

    def asked(self, space: bytes, name: str, witnesses: Sequence["Host"], lying: int) -> None:
        """Note that a question is asked."""
        self._questions[name] = Asked(space, witnesses, lying)
        self._trusted.update(each.device.key.public for each in witnesses[lying:])

    def opened(self, name: str, opened: str) -> None:
        """Note that a question is open."""
        self._questions[name].opened = opened

    def started(self, host: "Host") -> None:
        """Check a node that was started again: it has what it promised, and shows what it did."""
        self._check_kept(host)
        for key, name in list(self._settled):
            if key == host.key:
                self._look_at(host, self._questions[name].space, name)

    def look_around(self) -> None:
        """Check how much honest nodes keep for others."""
        self._note_friends()
        honest = self.honest
        for host in self._chance.sample(honest, min(SAMPLE, len(honest))):
            if (excess := find_excess(host.exchange, host.waiting())) is not None:
                raise Broken(f"A node keeps too much: {excess}.")

    def unrest(self) -> str:
        """Return in a sentence what is not yet as it must be once all is calm, or nothing."""
        agreeing = self.agreeing
        for space in agreeing[0].disk.spaces():
            if len({host.exchange.root(space) for host in agreeing}) > 1:
                return "Nodes hold different logs."
            if any(_lacks(host, agreeing[0], space) for host in self.honest if host.skew > 0):
                return "A node whose clock is ahead lacks something."
            if any(self._is_lonely(host, space) for host in self.honest):
                return "A node has had no honest neighbour for a minute."
            if unfit := self._find_unfit_body(space):
                return unfit
        for name, asked in self._questions.items():
            if asked.opened and self._must_settle(asked) and not self._is_over(name, asked):
                return "A question is not settled and opened everywhere."
        return ""

    def _find_unfit_body(self, space: bytes) -> str:
        """Return in a sentence that a body is on a node and should not be, or the other way round.

        Nodes that add nothing up erase nothing.
        """
        for host in self.agreeing if self.agreeing[0].folds else ():
            for _, each in host.disk.scan(space):
                is_gone = each.id in self._erased or each.expired(self._timeline.now)
                if each.id in self._said and is_gone != (each.body is None):
                    still = "still has what was erased or has expired"
                    return f"A node {still if is_gone else 'lacks the body of something'}."
        return ""

    def _is_lonely(self, host: "Host", space: bytes) -> bool:
        """Say whether a node has had none but hostile neighbours for as long as `LONELY`."""
        since = self._befriended.get((host.key, space), 0)
        return len(self.honest) > 1 and self._timeline.now - since > LONELY

    def _note_friends(self) -> None:
        """Note which nodes have an honest neighbour now, or have only just come."""
        up = {host.key for host in self.honest}
        for host in self.hosts:
            for space in host.disk.spaces():
                near = host.exchange.overlays.of(space).active.keys()
                if not host.is_up or near & up:
                    self._befriended[host.key, space] = self._timeline.now

    def check_all(self) -> None:
        """Check everything, from the beginning."""
        for host in self.honest:
            self._check_kept(host)
        for host, name in product(self.agreeing, self._results):
            self._look_at(host, self._questions[name].space, name)
        for name in self._results:
            self._check_count(name, self._questions[name])
        if self.agreeing[0].folds:
            self._check_forks()
            self._check_views()

    def _took(self, host: "Host", space: bytes, new: Sequence[Operation]) -> None:
        for each in new:
            if each.id in self._said:
                self.delays.append(self._timeline.now - self._said[each.id])
            if each.key not in self.admitted:
                raise Broken("An operation was taken in whose author was never let in.")
            if each.key in self._trusted:
                self._check_key(host.carried[space].space, each)

    def _check_key(self, space: Space, operation: Operation) -> None:
        """Check that what an honest witness says is no key before its time."""
        said = space.read(operation)
        is_key = said is not None and isinstance(said.body, Key)
        if said is not None and is_key and space.subject_of(said) not in self._results:
            raise Broken("A key to answers is published before the question is settled.")

    def _check_kept(self, host: "Host") -> None:
        for (space, key), last in self._kept[host.key].items():
            log = host.disk.logs[space].get(key, [])
            if len(log) <= last.seq or log[last.seq].id != last.id:
                raise Broken("Something that was acknowledged is lost.")

    def _look_at_all(self, host: "Host", space: bytes, names: Iterable[str]) -> None:
        for name in sorted(names):
            if name in self._questions:
                self._look_at(host, space, name)

    def _look_at(self, host: "Host", space: bytes, name: str) -> None:
        """Check that a node shows of a question what it, and every other, has shown before."""
        closing = host.carried[space].space.closing(name)
        opening = closing.opening()
        settled = closing.settled(opening) if opening is not None else None
        if settled is None or opening is None:
            if (host.key, name) in self._settled:
                raise Broken("A result that was settled has gone.")
            return
        if isinstance(settled, Contradiction):
            raise Broken("Two sets are settled.")
        self._settled.add((host.key, name))
        result = opening.said.id, settled
        if self._results.setdefault(name, result) != result:
            raise Broken("Two nodes show different results, or one has changed.")
        counted = _list_counted(closing)
        if counted and self._counts.setdefault(name, counted) != counted:
            raise Broken("Two nodes count different answers.")

    def _must_settle(self, asked: Asked) -> bool:
        """Say whether so many honest witnesses are there as a quorum needs."""
        alive = sum(each.is_up for each in asked.witnesses[asked.lying :])
        return alive >= QUORUMS[len(asked.witnesses)]

    def _is_over(self, name: str, asked: Asked) -> bool:
        for host in self.agreeing:
            host.unseal(asked.space, name)
            if not host.carried[asked.space].space.closing(name).is_finished():
                return False
        return True

    def _check_count(self, name: str, asked: Asked) -> None:
        """Check that no late answer counts and that none is left out which all honest had seen."""
        if not self._must_settle(asked):
            return
        closing = self.agreeing[0].carried[asked.space].space.closing(name)
        honest = {each.device.name for each in asked.witnesses[asked.lying :]}
        seen = _read_sightings(closing, honest)
        counted = closing.counted()
        known = set().union(*seen.values())
        if any((person, said.id) not in known for person, said in counted.items()):
            raise Broken("An answer counts that no honest witness saw in time.")
        for person, answer in set.intersection(*seen.values()) if len(seen) == len(honest) else ():
            if person not in counted:
                raise Broken(f"The answer {answer} does not count, which all honest had seen.")

    def _check_forks(self) -> None:
        for host, space in product(self.agreeing, self.agreeing[0].disk.spaces()):
            if not heeds_forks(host.disk, space):
                raise Broken("Something counts that was said after a fork.")

    def _check_views(self) -> None:
        """Check that every node shows the same, and what it would show if it started anew."""
        first = self.agreeing[0]
        for space in first.disk.spaces():
            names = [each for each in self._results if self._questions[each].space == space]
            cold = show(read_anew(first.disk, space), names)
            if any(show(host.carried[space], names) != cold for host in self.agreeing):
                raise Broken("A node shows something else than its operations add up to.")


def _lacks(host: "Host", other: "Host", space: bytes) -> bool:
    """Say whether a node lacks something of the logs that another holds."""
    heads = other.disk.heads(space).items()
    return any(host.disk.head(space, key).seq < head.seq for key, head in heads)


def _list_counted(closing: Closing) -> list[tuple[str, str]]:
    return sorted((person, said.id) for person, said in closing.counted().items())


def _read_sightings(
    closing: Closing, honest: Collection[str]
) -> Mapping[str, set[tuple[str, str]]]:
    """Return by honest witness which pairs (person, answer) it has logged."""
    seen: dict[str, set[tuple[str, str]]] = {}
    opening = closing.opening()
    for said in closing.about(opening, Seen) if opening is not None else ():
        if said.device in honest and isinstance(said.body, Seen):
            seen.setdefault(said.device, set()).update(said.body.pairs)
    return seen
