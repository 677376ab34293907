"""How often printed links were opened, by link; small numbers hidden, though nothing is known of by whom."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.statistics.counts import Period
from core.statistics.suppression import Cell, Count, protect
from core.storage.handovers import LinkScan


async def scans(session: AsyncSession, period: Period) -> dict[str, Cell]:
    """Openings by link (its payload), most first, hidden ones last."""
    first = date.fromisoformat(period.days()[0])
    found = await session.execute(
        select(LinkScan.link, func.sum(LinkScan.scans)).where(LinkScan.day >= first).group_by(LinkScan.link)
    )
    counts: list[tuple[str, int]] = sorted((row[0], int(row[1])) for row in found)
    # one person may open it several times, so an opening counts as a person at most
    protected = protect([Count(number, number) for _link, number in counts])
    cells = {link: cell for (link, _number), cell in zip(counts, protected, strict=True)}
    return dict(sorted(cells.items(), key=lambda item: (-(item[1].value or 0), item[1].hidden, item[0])))
