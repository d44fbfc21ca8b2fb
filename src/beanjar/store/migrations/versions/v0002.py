"""Which bodies are wanted, operations that stand by themselves, and chunks of files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what is new; nothing that is there changes."""
    missing = sa.text("length(remains) = 36")
    op.create_index("operation_wanted", "operation", ["space", "until"], sqlite_where=missing)
    op.create_table(
        "alone",
        sa.Column("space", NUMBER, sa.ForeignKey("space.number"), primary_key=True),
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("whole", sa.LargeBinary, nullable=False),
    )
    op.create_index("alone_key", "alone", ["space", "key"])
    _make_chunks()


def _make_chunks() -> None:
    op.create_table(
        "chunk",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("size", NUMBER),
        sa.Column("content", sa.LargeBinary),
    )
    here = sa.text("size IS NOT NULL")
    absent = sa.text("wanted = 1 AND size IS NULL")
    op.create_index("chunk_size", "chunk", ["size"], sqlite_where=here)
    op.create_index("chunk_wanted", "chunk", ["hash"], sqlite_where=absent)
    op.create_table(
        "naming",
        sa.Column("space", NUMBER, sa.ForeignKey("space.number"), primary_key=True),
        sa.Column("operation", sa.LargeBinary, primary_key=True),
        sa.Column("chunk", sa.LargeBinary, sa.ForeignKey("chunk.hash"), primary_key=True),
    )
    op.create_index("naming_chunk", "naming", ["chunk", "space"])
