"""Nodes that carry the same space, and what their keepers do."""

from io import BytesIO

from beanjar.client.line import NodeRefuses
from beanjar.main.demo.process import NodeProcess
from beanjar.main.demo.voice import Voice
from beanjar.node.clock import MachineClock
from beanjar.ops.fork import ForkProof
from beanjar.space.charter import Join
from beanjar.space.doors import Door
from beanjar.space.export import Export

LOOKS = 2_000
"""After how many looks a journey gives up; nothing that works takes as many."""


class NeverArrived(Exception):
    """A space that does not come to a node."""


def carry(node: NodeProcess, source: NodeProcess, space: str) -> None:
    """Let a node carry a space (hex) that another has; return once its founding is there."""
    name = bytes.fromhex(space)
    node.door.carry(node.token, name, [source.address])
    for _ in range(LOOKS):
        try:
            node.door.operation(name, name)
        except NodeRefuses:
            continue  # it has not come yet
        else:
            return
    raise NeverArrived


def find_forks(node: NodeProcess, space: str) -> list[ForkProof]:
    """Return the proofs of forks that a node's export of a space (hex) holds."""
    with node.door.export(bytes.fromhex(space)) as pieces:
        export = Export(BytesIO(b"".join(pieces)))
    assert len(list(export.logs())) > 1
    return list(export.forks())


def say_door(node: NodeProcess, space: str) -> None:
    """Let a member say that the node serves the space's pages."""
    name, keeper = bytes.fromhex(space), Voice(MachineClock())
    said = keeper.sign(name, Join(keeper.certificate(name)), Door(node.url))
    node.door.submit(name, said.run)
