"""Which format a file is in, by its name."""

from pathlib import PurePath

from beanjar.wisdom.polls.pabulib import read_pabulib
from beanjar.wisdom.polls.poll import NoPoll, Poll
from beanjar.wisdom.polls.preflib import KINDS, read_preflib
from beanjar.wisdom.polls.scottish import read_scottish

READERS = {f".{kind}": read_preflib for kind in KINDS} | {
    ".pb": read_pabulib,
    ".csv": read_scottish,
}


def read_poll(name: str, data: bytes) -> Poll:
    """Return the poll in a file of this name. Raises `NoPoll` and `NoTable`."""
    ending = PurePath(name).suffix.lower()
    if ending not in READERS:
        raise NoPoll(f"{name} does not end as a file of ballots does: {', '.join(READERS)}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoPoll(f"{name} is not in UTF-8, so its names cannot be read.") from error
    return READERS[ending](text)
