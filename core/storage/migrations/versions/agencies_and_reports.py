"""The list of placement companies, and reports.

Revision: agencies_and_reports, after quality
"""

import sqlalchemy as sa
from alembic import op

revision = "agencies_and_reports"
down_revision = "quality"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "agencies",
        sa.Column("id", number, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("source_publisher", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
    )
    op.create_table(
        "reports",
        sa.Column("id", number, nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=24), nullable=True),
        sa.Column("taken_from", sa.String(length=24), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat"], ["chats.id"], name=op.f("fk_reports_chat_chats"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["taken_from"], ["chats.id"], name=op.f("fk_reports_taken_from_chats"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("number", name=op.f("uq_reports_number")),
    )
    op.create_index("ix_reports_status", "reports", ["status", "created_at"])
    op.create_index("ix_reports_chat", "reports", ["chat"])
    op.create_index("ix_reports_taken_from", "reports", ["taken_from"])
