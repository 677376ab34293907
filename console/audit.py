"""The audit: a row for every look at a conversation and for every change."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.storage.staff import Audit


def record(session: AsyncSession, staff: str, action: str, kind: str, name: str, **detail: Any) -> None:
    """Write who did what to which thing; takes effect with the session's commit.

    Args:
        session: The transaction of the change itself, so that neither is there without the other.
        staff: The member's sign-in name.
        action: A verb, such as `view` or `tag`.
        kind: What sort of thing: `chat`, `staff`, `answer` ...
        name: Which one: a pseudonym, a name, a topic.
        detail: What else belongs to it; JSON values, stored encrypted.
    """
    session.add(Audit(staff=staff, action=action, kind=kind, name=name[:80], detail=detail))
