"""Why a store cannot do what was asked, in sentences that say what to do about it.

Whatever is raised here, everything that was acknowledged before is still on the disk.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from beanjar.base.errors import BeanjarError


class StoreError(BeanjarError):
    """Something that the store of this node cannot do."""


class DiskFull(StoreError):
    """There is no room for what was to be kept; nothing of that transaction was."""


class DiskFailed(StoreError):
    """The operating system could not read or write, or there is no such place."""


class ReadOnly(StoreError):
    """The file or its folder may not be written by the account that runs the node."""


class InUse(StoreError):
    """Another program, or another thread, was writing for longer than one waits."""


class NotAStore(StoreError):
    """The file holds something else."""


class TooNew(StoreError):
    """A newer Beanjar made the file; this one does not know its tables."""


class Damaged(StoreError):
    """The file is a store, but parts of it are not readable."""


class Unknown(StoreError):
    """A space or an operation that is not kept here."""


_REASONS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_FULL: (
        DiskFull,
        (
            "The disk is full, so this was not kept in {place}. Make room, or stop carrying a "
            "space, then try again. Everything kept before is still there."
        ),
    ),
    sqlite3.SQLITE_READONLY: (
        ReadOnly,
        (
            "{place} cannot be written. Let the account that runs Beanjar own the file and its "
            "folder."
        ),
    ),
    sqlite3.SQLITE_BUSY: (
        InUse,
        (
            "{place} is in use by another program. Stop the other Beanjar, or give this one a "
            "file of its own."
        ),
    ),
    sqlite3.SQLITE_NOTADB: (
        NotAStore,
        "{place} is not a Beanjar store. Name another file, or move this one away.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        Damaged,
        (
            "{place} is damaged. Move it away and start anew: the spaces come back from other "
            "nodes. Keep the damaged file, because this node's own keys are in it."
        ),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        DiskFailed,
        "{place} cannot be opened. Check that its folder is there and may be entered.",
    ),
    sqlite3.SQLITE_IOERR: (
        DiskFailed,
        (
            "The disk did not read or write {place} as it should. Check that it is connected, "
            "healthy and not full, then try again."
        ),
    ),
}
"""By SQLite's primary result code: what to raise, and what to say."""


@contextmanager
def told(place: str) -> Iterator[None]:
    """Raise what the database complains of as a `StoreError` about `place`.

    A complaint that only a mistake in this program can cause is passed on as it is.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        # The low byte is SQLite's primary result code; the rest refines it.
        reason = _REASONS.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        if reason is None:
            raise
        kind, sentence = reason
        raise kind(sentence.format(place=place)) from error
