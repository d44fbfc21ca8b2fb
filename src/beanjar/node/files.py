"""Files that operations name: their chunks are kept, fetched when somebody wants to see them."""

from hashlib import sha256

from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.fold.statement import Statement
from beanjar.node.writing import Writing
from beanjar.space.files import File, join_file, wanted_chunks
from beanjar.store import Store, Writer


class NoSuchFile(BeanjarError):
    """A file that nothing here names."""


class NotNamed(BeanjarError):
    """A chunk that no operation here names, or for which there is no room."""


class Fetched(Struct, frozen=True):
    """A file, its content if all of it is here, and how many chunks are still to come."""

    file: File
    content: bytes | None
    coming: int


class Files:
    """The files of one node. Spaces and ids have 32 bytes."""

    def __init__(self, store: Store, writing: Writing) -> None:
        """Keep chunks in the store."""
        self._store = store
        self._writing = writing
        self._named: list[tuple[bytes, bytes, tuple[bytes, ...]]] = []

    def notice(self, space: bytes, said: Statement) -> bool:
        """Note which chunks a statement names; say whether there are any."""
        names = wanted_chunks(said)
        if names:
            self._named.append((space, bytes.fromhex(said.id), names))
        return bool(names)

    def forget(self, space: bytes) -> None:
        """Note nothing any more of a space that was left."""
        self._named = [each for each in self._named if each[0] != space]

    async def run(self) -> None:
        """Put down what was noticed, so that the chunks may be kept; what fails stays due."""
        named, self._named = self._named, []
        try:
            if named:
                await self._writing.do(lambda writer: _name_all(writer, named))
        except BaseException:
            self._named = named + self._named
            raise

    async def keep(self, space: bytes, content: bytes) -> str:
        """Keep a chunk and return its name in hex; one that is here already changes nothing.

        Raises `NotNamed` if nothing in the space names it, or it does not fit.
        """
        await self.run()  # the operation that names it may just have come
        name = sha256(content).digest()
        kept = await self._writing.do(lambda writer: writer.keep_chunk(space, content))
        if not kept and self._store.chunk(space, name) is None:
            raise NotNamed(
                "Nothing in this space names this part of a file, or this node has no room for "
                "more. Hand in what names it first."
            )
        return name.hex()

    async def fetch(self, space: bytes, said: Statement, place: int) -> Fetched:
        """Return a file that a statement names, by its place; what is missing is asked for.

        Raises `NoSuchFile`.
        """
        files: tuple[File, ...] = getattr(said.body, "files", ())
        if not 0 <= place < len(files):
            raise NoSuchFile("There is no such file.")
        file = files[place]
        names = [bytes.fromhex(each) for each in file.chunks]
        chunks = [self._store.chunk(space, name) for name in names]
        missing = [name for name, chunk in zip(names, chunks, strict=True) if chunk is None]
        if missing:
            await self._writing.do(lambda writer: writer.want_chunks(missing))
            return Fetched(file, None, len(missing))
        return Fetched(file, join_file(file, (chunk for chunk in chunks if chunk is not None)), 0)


def _name_all(writer: Writer, named: list[tuple[bytes, bytes, tuple[bytes, ...]]]) -> None:
    for space, name, hashes in named:
        writer.name_chunks(space, name, hashes)
