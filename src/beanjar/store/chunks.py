"""Chunks of files: which are named, which are wanted, and those that are here."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from beanjar.base.limits import CHUNK_BYTES, FILE_QUOTA_BYTES
from beanjar.store.schema import ABSENT, chunk, naming, space

_IS_IT = chunk.c.hash == bindparam("digest")
_IN_SPACE = naming.c.space == bindparam("number")
_OF_OPERATION = _IN_SPACE & (naming.c.operation == bindparam("name"))
_NAMED_HERE = exists().where(
    naming.c.chunk == chunk.c.hash,
    naming.c.space
    == select(space.c.number).where(space.c.id == bindparam("space")).scalar_subquery(),
)
_CONTENT = select(chunk.c.content).where(_IS_IT, _NAMED_HERE)
_WANTED = (
    select(chunk.c.hash)
    .where(ABSENT, _NAMED_HERE, chunk.c.hash > bindparam("after"))
    .order_by(chunk.c.hash)
    .limit(bindparam("count"))
)
_USED = select(func.coalesce(func.sum(chunk.c.size), 0)).where(chunk.c.size.is_not(None))
_KNOWN = select(chunk.c.hash).where(_IS_IT)
_NAMED = select(naming.c.chunk).where(_OF_OPERATION)
_UNNAME = delete(naming).where(_OF_OPERATION)
_LET_GO = delete(chunk).where(_IS_IT, ~exists().where(naming.c.chunk == chunk.c.hash))
_WANT = update(chunk).where(_IS_IT).values(wanted=True)
_KEEP = (
    update(chunk)
    .where(_IS_IT, chunk.c.size.is_(None), _NAMED_HERE)
    .values(size=bindparam("bytes"), content=bindparam("whole"))
)


def read_chunk(connection: Connection, space: bytes, digest: bytes) -> bytes | None:
    """Return the chunk with this SHA-256, if it is here and named in the space."""
    return connection.scalar(_CONTENT, {"space": space, "digest": digest})


def find_wanted_chunks(
    connection: Connection, space: bytes, after: bytes, count: int
) -> Sequence[bytes]:
    """Return the hashes of chunks to fetch, by rising hash from `after`; none without room."""
    bounds = {"space": space, "after": after, "count": count}
    found = connection.scalars(_WANTED, bounds).all()
    return found if found and _has_room(connection, CHUNK_BYTES) else []


def keep_chunk(connection: Connection, space: bytes, content: bytes) -> bool:
    """Keep a chunk that is named in the space; say whether it is new and there was room."""
    if len(content) > CHUNK_BYTES or not _has_room(connection, len(content)):
        return False
    row = {"digest": sha256(content).digest(), "bytes": len(content), "whole": content}
    return bool(connection.execute(_KEEP, {"space": space, **row}).rowcount)


def want_chunks(connection: Connection, hashes: Iterable[bytes]) -> None:
    """Let chunks be fetched; those that nobody names are not."""
    for digest in hashes:
        connection.execute(_WANT, {"digest": digest})


def name_chunks(connection: Connection, number: int, name: bytes, hashes: Iterable[bytes]) -> None:
    """Let the operation with the id `name`, in the space with this number, name chunks."""
    here = set(connection.scalars(_NAMED, {"number": number, "name": name}))
    for digest in set(hashes) - here:
        if connection.scalar(_KNOWN, {"digest": digest}) is None:
            connection.execute(insert(chunk).values(hash=digest, wanted=False))
        row = {"space": number, "operation": name, "chunk": digest}
        connection.execute(insert(naming).values(row))


def unname_chunks(connection: Connection, number: int, names: Iterable[bytes]) -> None:
    """Let operations name nothing, and chunks go that nothing names."""
    named: set[bytes] = set()
    if connection.scalar(select(exists().where(_IN_SPACE)), {"number": number}):
        for name in names:
            operation = {"number": number, "name": name}
            named.update(connection.scalars(_NAMED, operation))
            connection.execute(_UNNAME, operation)
    _let_go(connection, named)


def forget_chunks(connection: Connection, number: int) -> None:
    """Let nothing in the space name chunks, and chunks go that nothing else names."""
    of_space = {"number": number}
    named = connection.scalars(select(naming.c.chunk).distinct().where(_IN_SPACE), of_space).all()
    connection.execute(delete(naming).where(_IN_SPACE), of_space)
    _let_go(connection, named)


def _let_go(connection: Connection, hashes: Iterable[bytes]) -> None:
    for digest in hashes:
        connection.execute(_LET_GO, {"digest": digest})


def _has_room(connection: Connection, size: int) -> bool:
    """Say whether as many bytes more fit what the chunks of this node may take."""
    return (connection.scalar(_USED) or 0) + size <= FILE_QUOTA_BYTES
