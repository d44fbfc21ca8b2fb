"""The first tables. Why each is as it is, `beanjar.store.schema` says."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    _make_spaces_and_logs()
    _make_operations()
    _make_the_rest()


def _make_spaces_and_logs() -> None:
    op.create_table(
        "space",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("id", sa.LargeBinary, nullable=False, unique=True),
    )
    op.create_table(
        "log",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("space", NUMBER, sa.ForeignKey("space.number"), nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("founding", sa.Boolean, nullable=False),
        sa.Column("head_seq", NUMBER, nullable=False),
        sa.Column("head_id", sa.LargeBinary, nullable=False),
        sa.Column("head_time", NUMBER, nullable=False),
        sa.UniqueConstraint("space", "key"),
    )


def _make_operations() -> None:
    op.create_table(
        "operation",
        sa.Column("arrival", NUMBER, primary_key=True),
        sa.Column("space", NUMBER, nullable=False),
        sa.Column("log", NUMBER, sa.ForeignKey("log.number"), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("time", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.Column("short", NUMBER, nullable=False),
        sa.Column("prev", sa.LargeBinary),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("remains", sa.LargeBinary),
        sa.UniqueConstraint("log", "seq"),
    )
    op.create_index("operation_space", "operation", ["space"])
    op.create_index("operation_short", "operation", [sa.text("arrival >> 14"), "short"])
    expires = sa.text("until > 0 AND content IS NOT NULL")
    op.create_index("operation_until", "operation", ["until"], sqlite_where=expires)


def _make_the_rest() -> None:
    op.create_table(
        "fork",
        sa.Column("space", NUMBER, sa.ForeignKey("space.number"), primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "held",
        sa.Column("space", NUMBER, sa.ForeignKey("space.number"), primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("due", NUMBER, nullable=False, index=True),
        sa.Column("run", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "private",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
