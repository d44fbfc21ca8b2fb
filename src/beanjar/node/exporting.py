"""All of a space as it is in a store, for whoever takes it along."""

from collections.abc import Iterator

from beanjar.base.limits import INTEGER
from beanjar.ops.operation import Operation
from beanjar.space.export import export_space
from beanjar.space.members import NotFounded
from beanjar.store import Store


def export_stored(store: Store, space: bytes) -> Iterator[bytes]:
    """Yield the export of a space, piece by piece, or raise `NotFounded`."""
    founding = store.find(space, space)
    if founding is None:
        raise NotFounded
    logs = _read_logs(store, space, founding.key)
    return export_space(space, logs, store.forks(space), store.alone(space))


def _read_logs(store: Store, space: bytes, founder: bytes) -> Iterator[list[Operation]]:
    """Yield all logs of a space, that of the founder's device first."""
    yield store.read_log(space, founder, 0, INTEGER)
    yield from (log for log in store.logs(space) if log[0].key != founder)
