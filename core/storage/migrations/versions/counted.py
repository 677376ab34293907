"""Kept tables of the statistics, and indexes for what the console counts and lists.

Revision: counted, after hotline_drafts
"""

import sqlalchemy as sa
from alembic import op

revision = "counted"
down_revision = "hotline_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "counted",
        sa.Column("name", sa.String(length=12), nullable=False),
        sa.Column("days", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", "days", name=op.f("pk_counted")),
    )
    op.create_index(
        "ix_messages_missed_at",
        "messages",
        ["at"],
        sqlite_where=sa.text("missed IS 1"),
        postgresql_where=sa.text("missed IS true"),
    )
    op.create_index(
        "ix_messages_rated_at",
        "messages",
        ["at"],
        sqlite_where=sa.text("feedback IS NOT NULL"),
        postgresql_where=sa.text("feedback IS NOT NULL"),
    )
    op.create_index("ix_handovers_asked_at", "handovers", ["asked_at"])
    op.drop_index("ix_audit_kind_name", "audit")
    op.drop_index("ix_audit_staff", "audit")
    op.create_index("ix_audit_kind_name_id", "audit", ["kind", "name", "id"])
    op.create_index("ix_audit_staff_id", "audit", ["staff", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_audit_staff_id", "audit")
    op.drop_index("ix_audit_kind_name_id", "audit")
    op.create_index("ix_audit_staff", "audit", ["staff", "at"])
    op.create_index("ix_audit_kind_name", "audit", ["kind", "name", "at"])
    op.drop_index("ix_handovers_asked_at", "handovers")
    op.drop_index("ix_messages_rated_at", "messages")
    op.drop_index("ix_messages_missed_at", "messages")
    op.drop_table("counted")
