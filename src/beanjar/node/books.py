"""Where nodes can be reached, in a file that may be lost: tickets and peers tell it again."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from beanjar.base.limits import DIAL_AGAIN
from beanjar.sync.book import Book, Known

_READER = msgspec.msgpack.Decoder(dict[bytes, list[Known]])


def read_books(file: Path) -> dict[bytes, Book]:
    """Return the nodes of each space that are in a file; none if it is not there, or broken."""
    try:
        read = _READER.decode(file.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, OSError):
        return {}
    return {space: Book(known) for space, known in read.items()}


def save_books(file: Path, books: dict[bytes, Book], *, anyhow: bool = False) -> None:
    """Write the file anew, if anything has changed."""
    if not anyhow and not any(book.changed for book in books.values()):
        return
    draft = file.with_suffix(".new")
    known = {space: list(_known(book)) for space, book in books.items()}
    draft.write_bytes(msgspec.msgpack.encode(known))
    draft.replace(file)
    for book in books.values():
        book.changed = False


def _known(book: Book) -> Iterator[Known]:
    """Yield what is worth keeping: a node that is back has waited long enough."""
    for each in book.nodes.values():
        yield msgspec.structs.replace(each, due=0, patience=DIAL_AGAIN)
