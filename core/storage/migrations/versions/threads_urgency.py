"""An index for the inbox of all conversations, whatever their status.

Revision: threads_urgency, after person
"""

from alembic import op

revision = "threads_urgency"
down_revision = "person"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.create_index("ix_threads_urgency", ["urgency", "last_at", "id"], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index("ix_threads_urgency")
