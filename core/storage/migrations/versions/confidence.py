"""An index for the inbox's filter by confidence.

Revision: confidence, after erasures
"""

from alembic import op

revision = "confidence"
down_revision = "erasures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_messages_confidence", "messages", ["direction", "confidence", "chat"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_messages_confidence", "messages")
