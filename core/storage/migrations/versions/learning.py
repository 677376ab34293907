"""Corrections by staff, tried models, traces of what was handed to nlu/.

Revision: learning
"""

import sqlalchemy as sa
from alembic import op

revision = "learning"
down_revision = "threads_urgency"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "candidates",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("done", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
    )
    op.create_index(op.f("ix_candidates_accepted_at"), "candidates", ["accepted_at"])
    op.create_table(
        "corrections",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("chat", sa.String(length=24), nullable=False),
        sa.Column("message", _BIG_ID, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("confirmed_by", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat"], ["chats.id"], name=op.f("fk_corrections_chat_chats"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], name=op.f("fk_corrections_message_messages"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_chat"), "corrections", ["chat"])
    op.create_index(op.f("ix_corrections_message"), "corrections", ["message"])
    op.create_index("ix_corrections_state", "corrections", ["state", "id"])
    op.create_table(
        "taught",
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("correction", _BIG_ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction"],
            ["corrections.id"],
            name=op.f("fk_taught_correction_corrections"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_taught")),
    )
    op.create_index(op.f("ix_taught_correction"), "taught", ["correction"])


def downgrade() -> None:
    """Undo."""
    for table in ("taught", "corrections", "candidates"):
        op.drop_table(table)
