"""Threads, their tags and notes, words to search by.

Revision: threads, after console_staff
"""

import sqlalchemy as sa
from alembic import op

revision = "threads"
down_revision = "console_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff"], ["staff.id"], name=op.f("fk_saved_filters_staff_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
    )
    with op.batch_alter_table("saved_filters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_filters_shared"), ["shared"], unique=False)
        batch_op.create_index(batch_op.f("ix_saved_filters_staff"), ["staff"], unique=False)

    op.create_table(
        "threads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(length=24), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assignee", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("head", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("regency", sa.String(length=13), nullable=True),
        sa.Column("danger", sa.String(length=40), nullable=True),
        sa.Column("thumbs_up", sa.SmallInteger(), nullable=False),
        sa.Column("thumbs_down", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee"], ["staff.id"], name=op.f("fk_threads_assignee_staff"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["chat"], ["chats.id"], name=op.f("fk_threads_chat_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("chat", name=op.f("uq_threads_chat")),
    )
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.create_index(
            "ix_threads_assignee", ["assignee", "done", "urgency", "last_at", "id"], unique=False
        )
        batch_op.create_index("ix_threads_inbox", ["done", "urgency", "last_at", "id"], unique=False)
        batch_op.create_index(
            "ix_threads_language", ["language", "done", "urgency", "last_at", "id"], unique=False
        )
        batch_op.create_index("ix_threads_last_at", ["last_at", "id"], unique=False)
        batch_op.create_index(
            "ix_threads_regency", ["regency", "done", "urgency", "last_at", "id"], unique=False
        )

    op.create_table(
        "message_words",
        sa.Column("word", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "message",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], name=op.f("fk_message_words_message_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "thread", "message", name=op.f("pk_message_words")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("message_words", schema=None) as batch_op:
        batch_op.create_index("ix_message_words_message", ["message"], unique=False)

    op.create_table(
        "thread_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread"], ["threads.id"], name=op.f("fk_thread_notes_thread_threads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_notes")),
    )
    with op.batch_alter_table("thread_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_notes_thread"), ["thread"], unique=False)

    op.create_table(
        "thread_tags",
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread"], ["threads.id"], name=op.f("fk_thread_tags_thread_threads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("thread", "tag", name=op.f("pk_thread_tags")),
    )
    with op.batch_alter_table("thread_tags", schema=None) as batch_op:
        batch_op.create_index("ix_thread_tags_tag", ["tag", "thread"], unique=False)

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("missed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("shown", sa.Text(), nullable=True))
        batch_op.create_index("ix_messages_at_find", ["direction", "at", "chat"], unique=False)
        batch_op.create_index(
            "ix_messages_chat_find", ["chat", "direction", "topic", "at", "confidence"], unique=False
        )
        batch_op.create_index(
            "ix_messages_find", ["direction", "topic", "at", "confidence", "chat"], unique=False
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_find")
        batch_op.drop_index("ix_messages_chat_find")
        batch_op.drop_index("ix_messages_at_find")
        batch_op.drop_column("shown")
        batch_op.drop_column("missed")

    with op.batch_alter_table("thread_tags", schema=None) as batch_op:
        batch_op.drop_index("ix_thread_tags_tag")

    op.drop_table("thread_tags")
    with op.batch_alter_table("thread_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_notes_thread"))

    op.drop_table("thread_notes")
    with op.batch_alter_table("message_words", schema=None) as batch_op:
        batch_op.drop_index("ix_message_words_message")

    op.drop_table("message_words")
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index("ix_threads_regency")
        batch_op.drop_index("ix_threads_last_at")
        batch_op.drop_index("ix_threads_language")
        batch_op.drop_index("ix_threads_inbox")
        batch_op.drop_index("ix_threads_assignee")

    op.drop_table("threads")
    with op.batch_alter_table("saved_filters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_filters_staff"))
        batch_op.drop_index(batch_op.f("ix_saved_filters_shared"))

    op.drop_table("saved_filters")
