"""A program that keeps operations until it is killed, and says what was acknowledged.

    python -m tests.store.appender PATH SEED [LIMIT]

Each transaction lets three devices speak equally often and erases something said before. Once it
is acknowledged, one line names the operations of each so far and the id of each one's last. With
LIMIT no file may be larger than so many bytes, until one is refused; then four more transactions
follow. Before anything else, and when something is refused, a line says so.
"""

import random
import resource
import sys

from beanjar.ops.log import head_of
from beanjar.ops.operation import Operation
from beanjar.store import Store, StoreError
from tests.store.signed import SPACE, device, write_log

KEYS = [device(number) for number in range(3)]


def main(path: str, seed: str, limit: str = "") -> None:
    say("started")
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    chance = random.Random(seed)  # noqa: S311 - a test says which
    store = Store.open(path)
    with store.writing() as writer:
        writer.add_space(SPACE)
    left = sys.maxsize
    while left:
        left -= 1
        try:
            speak(store, chance)
        except StoreError as error:
            say(f"refused {type(error).__name__}")
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            left = 4


def speak(store: Store, chance: random.Random) -> None:
    """Keep one transaction, which is now and then too large for SQLite's cache in memory."""
    count = 400 if chance.random() < 0.1 else chance.randint(1, 30)
    runs = [write_log(key, count, head=store.head(SPACE, key.public)) for key in KEYS]
    with store.writing() as writer:
        for run in runs:
            writer.append(run)
        total = runs[0][-1].seq + 1
        writer.keep_private("total", str(total).encode())
        writer.drop_bodies(SPACE, [erased(writer.read_log(SPACE, run[0].key)).id for run in runs])
    say(" ".join([str(total), *(head_of(run[-1]).id.hex() for run in runs)]))


def erased(log: list[Operation]) -> Operation:
    """Return the operation that each transaction erases: the first that is whole."""
    return next((each for each in log if each.body is not None), log[0])


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
