"""Files that a body names: pictures, sheets. What they hold travels and is kept in chunks.

A body that carries files has a field `files: Files`. A chunk goes with the last body that names it.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated

from msgspec import Meta, Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import Hex
from beanjar.base.limits import CHUNK_BYTES, FILE_CHUNKS, FILES
from beanjar.fold.statement import Statement

FILE_BYTES = FILE_CHUNKS * CHUNK_BYTES
"""The longest file."""
MEDIA_TYPE = r"^[a-z0-9.+-]+/[a-z0-9.+-]+$(?!\n)"
"""Without the last part, Python would let a line feed follow."""


class WrongFile(BeanjarError, ValueError):
    """Something that is no file that a body can name, or not the one that it names."""


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file is, and the SHA-256 of each of its chunks, in order.

    `type` is a media type without parameters, `size` the bytes of the whole. Every chunk has
    `CHUNK_BYTES`, but the last, which has the rest.
    """

    type: Annotated[str, Meta(max_length=80, pattern=MEDIA_TYPE)]
    size: Annotated[int, Meta(ge=1, le=FILE_BYTES)]
    chunks: Annotated[tuple[Hex, ...], Meta(max_length=FILE_CHUNKS)]

    def __post_init__(self) -> None:
        """Raise `WrongFile` unless there are as many chunks as the size needs."""
        if len(self.chunks) != -(-self.size // CHUNK_BYTES):
            raise WrongFile("This file does not have as many parts as its size needs.")


Files = Annotated[tuple[File, ...], Meta(max_length=FILES)]
"""What the field `files` of a body holds."""


def split_file(content: bytes, media_type: str) -> tuple[File, list[bytes]]:
    """Return what a body says of a file, and its chunks. Raises `WrongFile` if it does not fit."""
    if not 0 < len(content) <= FILE_BYTES:
        raise WrongFile(f"A file has 1 to {FILE_BYTES} bytes; this one has {len(content)}.")
    chunks = [content[at : at + CHUNK_BYTES] for at in range(0, len(content), CHUNK_BYTES)]
    names = tuple(sha256(chunk).hexdigest() for chunk in chunks)
    return File(media_type, len(content), names), chunks


def join_file(file: File, chunks: Iterable[bytes]) -> bytes:
    """Return the content of a file from its chunks, in order. Raises `WrongFile` if one differs."""
    content = b"".join(chunks)
    if len(content) != file.size or split_file(content, file.type)[0] != file:
        raise WrongFile("These parts do not make up that file. Fetch it again.")
    return content


def wanted_chunks(said: Statement) -> tuple[bytes, ...]:
    """Return the SHA-256 of every chunk that a statement's files name, each once, in order."""
    files: Files = getattr(said.body, "files", ())
    names = (name for file in files for name in file.chunks)
    return tuple(map(bytes.fromhex, dict.fromkeys(names)))
