"""Openings of printed links: the period's alone, small ones hidden."""

from datetime import UTC, date, datetime

from core.statistics.counts import Period
from core.statistics.links import scans
from core.storage import Database
from core.storage.handovers import LinkScan

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


async def test_openings_by_link(database: Database) -> None:
    async with database.begin() as session:
        for day, link, number in (
            (date(2026, 11, 20), "t-documents_passport", 7),
            (date(2026, 11, 14), "t-documents_passport", 5),
            (date(2026, 11, 13), "t-documents_passport", 90),
            (date(2026, 11, 19), "c-32-12-16-2004", 3),
            (date(2026, 11, 19), "c-32-12-16-2005", 6),
        ):
            session.add(LinkScan(day=day, link=link, scans=number))
    async with database.read() as session:
        found = await scans(session, Period.last(7, NOW))
    assert [(link, str(cell)) for link, cell in found.items()] == [
        ("t-documents_passport", "12"),
        ("c-32-12-16-2004", "<5"),
        ("c-32-12-16-2005", "≥5"),
    ]
