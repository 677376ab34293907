"""Reports: what a person reports, under which number it is kept, and what became of it."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.storage import Database, cases
from core.storage.types import now
from core.tasks.effects import effect

STATUSES = ("new", "taken", "closed")
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Of case numbers: no vowels, so that they spell nothing, and no digits, so that no mask takes them for something."""
_NUMBER = re.compile(rf"(?<![A-Z])D\s?[-–]\s?([{LETTERS}]{{4}})\s?[-–]\s?([{LETTERS}]{{4}})(?![A-Z])")
_STATUS = re.compile(
    r"\bstatus\b.{0,30}\b(?:laporan|lapor|aduan|pengaduan|report)|\b(?:laporan|aduan|pengaduan) (?:saya|ku)\b.{0,20}\bstatus",
    re.I,
)
_SHORT = 120


class ReportError(ValueError):
    """There is no such report, or it cannot be changed so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered; empty where it was skipped. `who` is self, family or other; all texts are masked."""

    who: str = ""
    kind: str = ""
    country: str = ""
    place: str = ""
    """Home: regency and province."""
    story: str = ""
    evidence: str = ""
    name: str = ""

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Answers":
        """Read what `to_dict` wrote; keys of a later version are left out."""
        known = cls.__dataclass_fields__
        return cls(**{key: str(text) for key, text in value.items() if key in known})

    def to_dict(self) -> dict[str, str]:
        """A JSON-ready mapping."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that was filed."""

    number: str
    kind: str
    country: str | None
    status: str
    anonymous: bool
    answers: Answers
    created_at: datetime
    changed_at: datetime


def new_number() -> str:
    """A case number such as `D-KMPT-XRWB`: 20^8 of them, drawn by the system's generator."""
    drawn = "".join(secrets.choice(LETTERS) for _place in range(8))
    return f"D-{drawn[:4]}-{drawn[4:]}"


def asked_number(text: str) -> str | None:
    """The case number in a short message, in any case and with spaces around its strokes."""
    found = _NUMBER.search(text.upper()) if len(text) <= _SHORT else None
    return f"D-{found[1]}-{found[2]}" if found else None


def asks_status(text: str) -> bool:
    """Whether a short message asks what became of a report."""
    return len(text) <= _SHORT and (asked_number(text) is not None or _STATUS.search(text) is not None)


@effect("file_report")
@dataclass(frozen=True, slots=True)
class FileReport:
    """Files a report of the chat."""

    number: str
    kind: str
    country: str | None
    anonymous: bool
    content: Mapping[str, Any] = field(default_factory=dict)

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`."""
        session.add(
            cases.Report(
                number=self.number,
                chat=chat,
                kind=self.kind,
                country=self.country,
                anonymous=self.anonymous,
                content=dict(self.content),
                created_at=moment,
                changed_at=moment,
            )
        )


def _filed(row: cases.Report) -> Filed:
    answers = Answers.from_dict(row.content)
    return Filed(
        row.number, row.kind, row.country, row.status, row.anonymous, answers, row.created_at, row.changed_at
    )


async def by_number(database: Database, number: str) -> Filed | None:
    """The report with this number."""
    async with database.read() as session:
        row = await session.scalar(select(cases.Report).where(cases.Report.number == number))
        return None if row is None else _filed(row)


async def of_chat(database: Database, chat: str) -> list[Filed]:
    """The reports of a chat, the newest first."""
    mine = or_(cases.Report.chat == chat, cases.Report.taken_from == chat)
    async with database.read() as session:
        rows = await session.scalars(select(cases.Report).where(mine).order_by(cases.Report.id.desc()))
        return [_filed(row) for row in rows]


async def all_reports(database: Database, statuses: Sequence[str] = STATUSES) -> list[Filed]:
    """The reports with one of the statuses, the oldest first."""
    found = select(cases.Report).where(cases.Report.status.in_(statuses)).order_by(cases.Report.id)
    async with database.read() as session:
        return [_filed(row) for row in await session.scalars(found)]


async def set_status(database: Database, number: str, status: str) -> None:
    """Take a report, or close it; from then on it outlives its chat.

    Raises:
        ReportError: There is no such report, or the status is none of taken and closed.
    """
    if status not in STATUSES[1:]:
        raise ReportError(f"status {status!r} is unknown; use one of {', '.join(STATUSES[1:])}")
    async with database.begin() as session:
        row = await session.scalar(select(cases.Report).where(cases.Report.number == number))
        if row is None:
            raise ReportError(f"There is no report {number}. Look at `desmi staff reports`.")
        if row.chat is not None:
            row.taken_from, row.chat = row.chat, None
        row.status, row.changed_at = status, now()
