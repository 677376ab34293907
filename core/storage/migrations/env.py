"""Alembic's entry: run the migrations on the connection that `core.storage.migrate` hands in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from core.storage.models import Base
from core.storage.types import EncryptedJson, EncryptedText, UtcDateTime


def _plain_type(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    # a migration must keep working when our own column types change
    if kind == "type" and isinstance(item, EncryptedText | EncryptedJson):
        return "sa.Text()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=_plain_type
)
with context.begin_transaction():
    context.run_migrations()
