"""What befalls a simulated network, when its scenario says so."""

from collections.abc import Sequence
from random import Random

from beanjar.base.clock import DAY, SECOND
from beanjar.lab.host import Host, Surroundings
from beanjar.lab.scenario import Churn, Fault, Kill, Parting, Skew, Years
from beanjar.lab.watch import Watch

YEAR = 365 * DAY
AT_ONCE = 0.001
"""How long, in s, a node is down whose clock is set."""


class Faults:
    """Lets faults happen."""

    def __init__(
        self, around: Surroundings, hosts: Sequence[Host], watch: Watch, chance: Random
    ) -> None:
        """Let them befall these hosts."""
        self._around = around
        self._hosts = hosts
        self._watch = watch
        self._chance = chance

    def plan(self, fault: Fault, witnesses: Sequence[Host]) -> None:
        """Let a fault happen at its time; `witnesses` are honest, of the first question."""
        match fault:
            case Skew():
                self._skew(fault)
            case Years():
                self._mislead(fault)
            case Parting():
                self._later(fault.at, self._part, fault)
                self._later(fault.until, self._around.network.part, {})
            case Kill():
                self._later(fault.at, self._kill, fault, witnesses)
            case Churn():
                self._later(fault.at, self._churn, fault)

    def start(self, host: Host) -> None:
        """Start a node that was killed, and look whether it has all that it should."""
        if not host.is_up:
            host.start()
            self._watch.started(host)

    def _later(self, seconds: float, do: object, *given: object) -> None:
        assert callable(do)
        self._around.timeline.after(int(seconds * SECOND), do, *given)

    def _some(self, share: float) -> list[Host]:
        return self._chance.sample(self._hosts, round(share * len(self._hosts)))

    def _skew(self, fault: Skew) -> None:
        most = int(fault.seconds * SECOND)
        for host in self._some(fault.share):
            host.skew = self._chance.randint(-most, most)

    def _mislead(self, fault: Years) -> None:
        chosen = self._chance.sample(self._hosts, fault.ahead + fault.behind)
        for place, host in enumerate(chosen):
            host.skew = YEAR if place < fault.ahead else -YEAR
            if fault.until is not None:
                self._later(fault.until, self._set_right, host)

    def _set_right(self, host: Host) -> None:
        self._kill_one(host, AT_ONCE)
        host.skew = 0

    def _part(self, fault: Parting) -> None:
        some = {host.key for host in self._some(fault.share)}
        ends = self._around.network.ends
        self._around.network.part({key: int(key in some) for key in ends})

    def _kill(self, fault: Kill, witnesses: Sequence[Host]) -> None:
        chosen = [*self._some(fault.share), *witnesses[: fault.witnesses]]
        for host in chosen:
            self._kill_one(host, fault.back)

    def _churn(self, fault: Churn) -> None:
        if self._around.timeline.now < self._until(fault):
            self._later(fault.every, self._churn, fault)
            up = [each for each in self._hosts if each.is_up]
            if len(up) > 1:
                self._kill_one(self._chance.choice(up), fault.down)

    def _until(self, fault: Churn) -> int:
        return self._around.begins + int(fault.until * SECOND)

    def _kill_one(self, host: Host, back: float | None) -> None:
        if host.is_up:
            host.kill()
            if back is not None:
                self._later(back, self.start, host)
