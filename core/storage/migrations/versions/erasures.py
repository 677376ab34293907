"""Chats that staff erased and that the bot has still to take out of the channel.

Revision: erasures, after counted
"""

import sqlalchemy as sa
from alembic import op

revision = "erasures"
down_revision = "counted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "erasures",
        sa.Column("chat", sa.String(length=24), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat"], ["chats.id"], name=op.f("fk_erasures_chat_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_erasures")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("erasures")
