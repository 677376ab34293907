"""Links: what stands behind `?start=` on posters and pages, and how often each was opened, without by whom.

Telegram allows 64 letters, digits, `_` and `-` (https://core.telegram.org/bots/features#deep-linking), so the dots of an
area code become dashes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.storage.handovers import LinkScan
from core.tasks.effects import effect
from core.topics import topics

_CENTRE = re.compile(r"c-(\d\d)[.-](\d\d)[.-](\d\d)[.-](\d{4})")
_TOPIC = re.compile(r"t-([a-z]+)_([a-z0-9_]+)")


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens: a centre by its area code, or a topic by its id."""

    kind: Literal["centre", "topic"]
    value: str

    @property
    def payload(self) -> str:
        """What stands behind `?start=`."""
        if self.kind == "centre":
            return f"c-{self.value.replace('.', '-')}"
        return f"t-{self.value.replace('/', '_', 1)}"


def read_link(payload: str) -> Link | None:
    """Read a payload; None for one of no known form or topic."""
    if found := _CENTRE.fullmatch(payload):
        return Link("centre", ".".join(found.groups()))
    if (found := _TOPIC.fullmatch(payload)) and (topic := f"{found[1]}/{found[2]}") in topics():
        return Link("topic", topic)
    return None


@effect("link_scan")
@dataclass(frozen=True, slots=True)
class Scan:
    """Counts that a link was opened on this day."""

    link: str

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`; the chat is not written down."""
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        row = dialect.insert(LinkScan).values(day=moment.date(), link=self.link, scans=1)
        await session.execute(
            row.on_conflict_do_update(
                index_elements=[LinkScan.day, LinkScan.link], set_={"scans": LinkScan.scans + 1}
            )
        )
