"""Where nodes can be reached, in a file that may be lost: tickets and peers tell it again."""

import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec

from beanjar.base.limits import BOOKS_EVERY, DIAL_AGAIN
from beanjar.node.disk import write_safely
from beanjar.sync.book import Book, Known

log = logging.getLogger("beanjar.peers")

_READER = msgspec.msgpack.Decoder(dict[bytes, list[Known]])


def read_books(file: Path) -> dict[bytes, Book]:
    """Return the nodes of each space that are in a file; none if it is not there, or broken."""
    try:
        read = _READER.decode(file.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, OSError):
        return {}
    return {space: Book(known) for space, known in read.items()}


class Bookcase:
    """The books of one node, by space, and the file that they are written to now and then."""

    def __init__(self, file: Path) -> None:
        """Begin with what is in the file."""
        self.books = read_books(file)
        self._file = file
        self._due = 0
        """When (ms of time elapsed) the file may be written again."""

    def save_now_and_then(self, elapsed: int) -> None:
        """Write the file anew if anything has changed, unless that was done just before.

        All of it is written, and waited for, so not for each operation that a neighbour brings.
        """
        if elapsed >= self._due and self._has_changed():
            self._due = elapsed + BOOKS_EVERY
            self._write()

    def save(self) -> None:
        """Write the file anew at once if anything has changed; what fails is tried again later."""
        try:
            if self._has_changed():
                self._write()
        except OSError:
            log.exception("Where other nodes can be reached could not be written down.")

    def renew(self) -> None:
        """Let all nodes be dialled at once, as if the books had just been read."""
        for space, book in list(self.books.items()):
            self.books[space] = Book(_known(book))
            self.books[space].changed = book.changed

    def forget(self, space: bytes) -> None:
        """Forget the nodes of a space, on the disk too."""
        if self.books.pop(space, None) is not None:
            self._write()

    def _has_changed(self) -> bool:
        return any(book.changed for book in self.books.values())

    def _write(self) -> None:
        known = {space: list(_known(book)) for space, book in self.books.items()}
        write_safely(self._file, msgspec.msgpack.encode(known))
        for book in self.books.values():
            book.changed = False


def _known(book: Book) -> Iterator[Known]:
    """Yield what is worth keeping: a node that is back has waited long enough."""
    for each in book.nodes.values():
        yield msgspec.structs.replace(each, due=0, patience=DIAL_AGAIN)
