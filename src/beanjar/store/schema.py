"""The tables. Each has its reasons above it.

`migrations/` makes them of those of older versions, and a test compares.

What can be derived from other columns is not stored: no header, no id, no predecessor for each
operation. An operation's header follows from its log, its place, what it says and the operation
before it, so whoever reads a log from a known id rebuilds every header after it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
)

VERSION = "0002"
"""The newest migration: what a store says when this program knows all of its tables."""

ANCHOR = 64
"""How often a log keeps the id of an operation's predecessor: at every seq that this divides."""

metadata = MetaData()

# Where a store says its version: just the table that Alembic would make.
version = Table(
    "beanjar_schema",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="beanjar_schema_pkc"),
)

# SQLite's INTEGER has 64 bits already, and only a column of just this type can number its rows.
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")

# The spaces that this node carries. Other tables use the short number instead of the id, which
# would be repeated with every operation.
space = Table(
    "space",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    # The id of the space's first operation, 32 bytes. It may be known before that operation is.
    Column("id", LargeBinary, nullable=False, unique=True),
)

# The logs: one for each device that has spoken in a space, with where it stands, so that the next
# operation is checked, and heads are compared with a peer's, without reading the log itself.
log = Table(
    "log",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("space", _NUMBER, ForeignKey("space.number"), nullable=False),
    # The device's public key, 32 bytes.
    Column("key", LargeBinary, nullable=False),
    # Whether this log's first operation founds the space: its header says zeros as space.
    Column("founding", Boolean, nullable=False),
    # Seq, id and time of the last operation.
    Column("head_seq", _NUMBER, nullable=False),
    Column("head_id", LargeBinary, nullable=False),
    Column("head_time", _NUMBER, nullable=False),
    UniqueConstraint("space", "key"),
)

# The operations, none of which is ever changed but for its body's coming and going.
operation = Table(
    "operation",
    metadata,
    # The order in which operations became durable on this node. Views ask for what came since.
    Column("arrival", _NUMBER, primary_key=True),
    # The log knows its space, and answers for it; it is here too so that one space is read in
    # order of arrival without passing over all the others.
    Column("space", _NUMBER, nullable=False),
    Column("log", _NUMBER, ForeignKey("log.number"), nullable=False),
    Column("seq", _NUMBER, nullable=False),
    Column("time", _NUMBER, nullable=False),
    Column("until", _NUMBER, nullable=False),
    # The first 8 bytes of the id, as a signed number: enough to look an id up in an index half the
    # size. Two ids may share them, so a hit is confirmed by rebuilding the id.
    Column("short", _NUMBER, nullable=False),
    # The id of the operation before, at every 64th seq only, so that a header in the middle of a
    # long log costs at most 64 hashes.
    Column("prev", LargeBinary),
    # Vouches for this header on its own, so it is kept for every operation.
    Column("signature", LargeBinary, nullable=False),
    # What goes together when a body is erased or expires: the salt, 16 bytes, and the body.
    Column("content", LargeBinary),
    # What the header says of a body that is gone or has not come: digest, 32 bytes, and size, 4.
    # Derived from the content while that is here, so just one of the two columns is set. One byte
    # more says that the body was erased, so that nobody is asked for it.
    Column("remains", LargeBinary),
    UniqueConstraint("log", "seq"),
)

BLOCK = operation.c.arrival.op(">>")(literal_column("14"))
"""The block of 16,384 arrivals that an operation is in. SQLite knows the index by the literal."""

Index("operation_space", operation.c.space)
# Ids are as good as random, so an index on them alone would be written all over: at 400,000
# operations, 2,500 at a time, 3.5 kB of writes for each. Here every block of arrivals is a short
# index of its own, of which only the last is ever written: 0.9 kB. A look-up asks every block, at
# some 2 microseconds each.
Index("operation_short", BLOCK, operation.c.short)
# Only what has a body that expires is in this index: mostly a small part.
Index(
    "operation_until",
    operation.c.until,
    sqlite_where=and_(operation.c.until > 0, operation.c.content.is_not(None)),
)

WANTED: ColumnElement[bool] = literal_column("length(remains) = 36")
"""Says of an operation that its body is not here, though nobody erased it."""
ERASED: ColumnElement[bool] = literal_column("length(remains) = 37")
"""Says of an operation that its body was erased."""

# Only what misses its body is in this index. What has expired is wanted by nobody: with `until`
# next, it is passed over at no cost, however much it is.
Index("operation_wanted", operation.c.space, operation.c.until, sqlite_where=WANTED)

# Operations that count by their own signature and that no log here holds: their log has not
# arrived, or it is forked and they are in the branch that is not here. When their log brings them,
# they move there.
alone = Table(
    "alone",
    metadata,
    Column("space", _NUMBER, ForeignKey("space.number"), primary_key=True),
    Column("id", LargeBinary, primary_key=True),
    # The device whose log it belongs to.
    Column("key", LargeBinary, nullable=False),
    # As `beanjar.ops.alone` writes it.
    Column("whole", LargeBinary, nullable=False),
)
Index("alone_key", alone.c.space, alone.c.key)

# The chunks of files that some operation names, whether they are here or not.
chunk = Table(
    "chunk",
    metadata,
    # SHA-256 of the content, 32 bytes.
    Column("hash", LargeBinary, primary_key=True),
    # Whether somebody here wants to see it; else it is not fetched.
    Column("wanted", Boolean, nullable=False),
    # Both are there once the chunk is. The size is in an index, to add up what all take.
    Column("size", _NUMBER),
    Column("content", LargeBinary),
)
Index("chunk_size", chunk.c.size, sqlite_where=chunk.c.size.is_not(None))
ABSENT: ColumnElement[bool] = and_(chunk.c.wanted, chunk.c.size.is_(None))
"""Says of a chunk that it is wanted and not here."""
Index("chunk_wanted", chunk.c.hash, sqlite_where=ABSENT)

# Which operation names which chunk; a chunk goes with the last one that does.
naming = Table(
    "naming",
    metadata,
    Column("space", _NUMBER, ForeignKey("space.number"), primary_key=True),
    # The id of the operation, which may stand by itself.
    Column("operation", LargeBinary, primary_key=True),
    Column("chunk", LargeBinary, ForeignKey("chunk.hash"), primary_key=True),
)
Index("naming_chunk", naming.c.chunk, naming.c.space)

# Proofs that a log is forked; of each log the one that proves the lowest place. By key rather than
# by log, because a proof may come before any operation of that log, and goes out before them.
fork = Table(
    "fork",
    metadata,
    Column("space", _NUMBER, ForeignKey("space.number"), primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("seq", _NUMBER, nullable=False),
    # As `beanjar.ops.fork` writes it.
    Column("proof", LargeBinary, nullable=False),
)

# Runs from a clock ahead of ours, waiting until they are due; one of each device. Losing one is
# no loss, since the peers that have it offer it again.
held = Table(
    "held",
    metadata,
    Column("space", _NUMBER, ForeignKey("space.number"), primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    # When to take it up, in milliseconds since the epoch.
    Column("due", _NUMBER, nullable=False, index=True),
    # As `beanjar.ops.run` writes it.
    Column("run", LargeBinary, nullable=False),
)

# What this node keeps to itself, never exported: its own key, a witness's one-time keys.
private = Table(
    "private",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
