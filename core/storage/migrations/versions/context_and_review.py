"""The last topics of a chat, and the review list.

Revision: context_review, after purges
"""

import sqlalchemy as sa
from alembic import op

revision = "context_review"
down_revision = "purges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topics", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("topics_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.alter_column("topics", server_default=None)
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review", sa.String(length=12), nullable=True))
        batch_op.create_index("ix_messages_review_at", ["review", "at"], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_review_at")
        batch_op.drop_column("review")
    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.drop_column("topics_at")
        batch_op.drop_column("topics")
