"""Drafts of hotlines.

Revision: hotline_drafts, after reminders
"""

import sqlalchemy as sa
from alembic import op

revision = "hotline_drafts"
down_revision = "reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "hotline_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_drafts")),
    )
    with op.batch_alter_table("hotline_drafts", schema=None) as batch_op:
        batch_op.create_index("ix_hotline_drafts_line", ["line", "id"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_table("hotline_drafts")
