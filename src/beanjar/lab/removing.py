"""What a simulated node erases: the product's own removal, driven by virtual time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from beanjar.lab.steps import Steps, Written
from beanjar.node.removal import Removal

if TYPE_CHECKING:
    from beanjar.lab.host import Host
    from beanjar.node.writing import Writing
    from beanjar.store import Writer

T = TypeVar("T")


class Removing:
    """The removal of one node. Where that writes, it is the node's `Writing`."""

    def __init__(self, host: "Host") -> None:
        """Remove what is on the disk of the host, and what it has added up."""
        self._host = host
        self._steps = Steps()
        self._removal = Removal(cast("Writing", self), host.carried)
        self.look_over = self._removal.look_over
        self.notice = self._removal.notice
        self.stop = self._steps.stop

    def attend(self) -> None:
        """Begin to remove all that is due."""
        self._steps.begin(lambda: self._removal.run(self._host.now))

    async def do(self, work: "Callable[[Writer], T]") -> T:
        """Do something in a batch; return once that is on the disk."""
        done: list[T] = []

        def write() -> Callable[[], None]:
            done.append(work(self._host.disk.as_writer))
            return self._steps.go_on

        self._host.batches.add(write)
        await Written()
        return done[0]
