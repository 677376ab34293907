"""Links of posters: their payloads, and what they count; the poster itself."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from core.answers import read_answers
from core.centres import Centre
from core.languages import translator
from core.links import Link, Scan, read_link
from core.poster import PosterError, bot_name, link_of, make_poster
from core.settings import ROOT
from core.storage import Database
from core.storage.handovers import LinkScan
from core.topics import topics

CENTRE = Centre(
    "32.12.16.2004", "Kenanga", "Sindang", "Kabupaten Indramayu", "Jawa Barat", 2017, -6.35, 108.31, "Uji",
    "https://example.org", "2017", "", "named",
)  # fmt: skip


@pytest.mark.parametrize("payload", ["c-32-12-16-2004", "c-32.12.16.2004"])
def test_dashes_and_dots_open_the_same_centre(payload: str) -> None:
    assert read_link(payload) == Link("centre", "32.12.16.2004")
    assert Link("centre", "32.12.16.2004").payload == "c-32-12-16-2004"


def test_every_topic_has_a_link_that_telegram_takes() -> None:
    for topic in [*read_answers(), *topics()]:
        payload = Link("topic", topic).payload
        assert read_link(payload) == Link("topic", topic)
        assert len(payload) <= 64
        assert payload.replace("_", "").replace("-", "").isalnum()


@pytest.mark.parametrize(
    "payload", ["", "c-", "c-1", "c-32-12-16-20041", "t-", "t-documents_nothing", "x" * 64, "t-_"]
)
def test_anything_else_is_no_link(payload: str) -> None:
    assert read_link(payload) is None


async def test_scans_are_counted_by_day_without_by_whom(database: Database) -> None:
    moments = [datetime(2026, 11, 25, 3, tzinfo=UTC)] * 3 + [datetime(2026, 11, 26, 3, tzinfo=UTC)]
    for number, moment in enumerate(moments):
        async with database.begin() as session:
            await Scan("c-32-12-16-2004").apply(session, f"chat-{number}", moment)
    async with database.begin() as session:
        rows = (await session.scalars(select(LinkScan).order_by(LinkScan.day))).all()
    assert [(row.day, row.scans) for row in rows] == [(date(2026, 11, 25), 3), (date(2026, 11, 26), 1)]
    assert set(LinkScan.__table__.c.keys()) == {"day", "link", "scans"}


@pytest.mark.parametrize("name", ["desmi_bot", "@DesmiBot", "ab_bot"])
def test_names_of_bots(name: str) -> None:
    assert bot_name(name) == name.removeprefix("@")


@pytest.mark.parametrize(
    "name", ["", "desmi", "bot", "de smi_bot", "desmi_bot?start=x", "x" * 40 + "bot", "1bot"]
)
def test_no_names_of_bots(name: str) -> None:
    with pytest.raises(PosterError):
        bot_name(name)


def test_a_poster_is_one_page_and_holds_the_link() -> None:
    made = make_poster(CENTRE, "desmi_bot", translator("id"), date(2026, 11, 25))
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") == 1
    assert link_of(CENTRE, "desmi_bot") == "https://t.me/desmi_bot?start=c-32-12-16-2004"


def test_the_longest_names_fit() -> None:
    from core.centres import read_centres

    centres = read_centres(ROOT / "content" / "centres.csv")
    longest = sorted(centres, key=lambda c: len(c.village + c.district + c.regency + c.province))[-3:]
    for centre in longest:
        make_poster(centre, "nama_bot_yang_panjang_sekali_bot", translator("id"), date(2026, 11, 25))


def test_the_code_has_its_quiet_zone_and_no_overlaps() -> None:
    from core.poster import _modules

    parts = list(_modules(link_of(CENTRE, "desmi_bot")))
    assert min(x for x, _y, _w, _h in parts) > 0.05
    assert max(x + w for x, _y, w, _h in parts) < 0.95
    rows: dict[float, list[tuple[float, float]]] = {}
    for x, y, width, _height in parts:
        rows.setdefault(y, []).append((x, x + width))
    for row in rows.values():
        assert all(left[1] < right[0] for left, right in pairwise(sorted(row)))
