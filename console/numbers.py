"""Screen: numbers of all conversations, protected so that they single nobody out."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console import charts
from console.charts import Spot, Value
from console.desk import Desk, Page, Screen
from core.demo import is_demo
from core.languages import LANGUAGES, Translator
from core.languages import mark as _
from core.links import read_link
from core.statistics import gaps
from core.statistics.counts import DIMENSIONS, PERIODS, Period
from core.statistics.kept import kept
from core.statistics.links import scans
from core.statistics.suppression import Cell, protect
from core.statistics.tables import COLUMNS, Line, to_csv, trend
from core.statistics.waiting import waiting
from core.storage.models import Area, Centre
from core.storage.types import now
from core.topics import topics

HEADS: Mapping[str, str] = {
    "questions": _("Pertanyaan"),
    "people": _("Orang"),
    "sourced": _("Dijawab dari sumber bertanggal"),
    "missed": _("Tidak dipahami"),
    "danger": _("Bahaya"),
    "helpful": _("Membantu"),
    "unhelpful": _("Tidak membantu"),
    "centres": _("Pusat ditunjukkan"),
}
KEYS: Mapping[str, str] = {
    "all": _("Jumlah"),
    "day": _("Hari"),
    "topic": _("Topik"),
    "language": _("Bahasa"),
    "regency": _("Kabupaten/kota"),
    "links": _("Tautan cetak"),
}
LINKS = "links"
"""The table of printed links, which stand beside the dimensions."""
_OPENED = _("Dibuka")
_UNKNOWN = _("(tidak diketahui)")
SHOWN = 30
"""Rows of a table on the page; its CSV has all."""
BARS = 15


def _days(desk: Desk) -> int:
    asked = desk.request.query_params.get("days", "30")
    return int(asked) if asked in map(str, PERIODS) else 30


def _cell(t: Translator, cell: Cell) -> str:
    return cell.hidden if cell.value is None else t.number(cell.value)


def _value(t: Translator, label: str, cell: Cell) -> Value:
    return Value(label, cell.value, _cell(t, cell))


async def _links(desk: Desk, session: AsyncSession, period: Period) -> list[tuple[str, str, Cell]]:
    """Payload, name and openings of each printed link."""
    found = await scans(session, period)
    opened = {payload: link for payload in found if (link := read_link(payload)) is not None}
    codes = [link.value for link in opened.values() if link.kind == "centre"]
    rows = await session.execute(
        select(Centre.area_code, Centre.village, Centre.regency).where(Centre.area_code.in_(codes))
    )
    villages = {code: f"{village}, {regency}" for code, village, regency in rows}

    def name(payload: str) -> str:
        link = opened.get(payload)
        if link is not None and link.kind == "topic":
            return desk.t.gettext(topics()[link.value].title)
        return villages.get(link.value, payload) if link is not None else payload

    return [(payload, name(payload), cell) for payload, cell in found.items()]


async def _regencies(session: AsyncSession) -> dict[str, Area]:
    found = await session.scalars(select(Area).where(Area.level == "regency"))
    return {area.code: area for area in found}


def _labels(
    desk: Desk, dimension: str, lines: Sequence[Line], regencies: Mapping[str, Area]
) -> dict[str, str]:
    """What each key of a table is called."""
    t = desk.t

    def name(key: str) -> str:
        match dimension:
            case "all":
                return t.gettext(KEYS["all"])
            case "day":
                return t.date(date.fromisoformat(key), "d MMM y")
            case "topic" if key in topics():
                return t.gettext(topics()[key].title)
            case "language" if key in LANGUAGES:
                return LANGUAGES[key].name
            case "regency" if key in regencies:
                return regencies[key].name
        return key or t.gettext(_UNKNOWN)

    return {line.key: name(line.key) for line in lines}


async def _show(desk: Desk) -> Response:
    days, t = _days(desk), desk.t
    period = Period.last(days, now())
    found = await kept(desk.database, days, *DIMENSIONS)
    tables = {name: table.lines for name, table in found.items()}
    async with desk.database.read() as session:
        scores = await trend(session)
        waits = await waiting(session, period)
        links = await _links(desk, session, period)
        regencies = await _regencies(session)
    labels = {d: _labels(desk, d, lines, regencies) for d, lines in tables.items()}

    def values(dimension: str, measure: str, most: int | None = None) -> list[Value]:
        return [_value(t, labels[dimension][x.key], x.cells[measure]) for x in tables[dimension][:most]]

    pictures: dict[str, Markup] = {
        "day": charts.columns("per-day", t.gettext(_("Pertanyaan per hari")), values("day", "questions")),
        "topic": charts.bars(
            "per-topic", t.gettext(_("Pertanyaan per topik")), values("topic", "questions", BARS)
        ),
        "language": charts.bars(
            "per-language", t.gettext(_("Pertanyaan per bahasa")), values("language", "questions")
        ),
        "regency": _map(desk, tables["regency"], regencies),
    }
    if links:
        bars = [_value(t, label, cell) for _payload, label, cell in links[:BARS]]
        pictures[LINKS] = charts.bars("per-link", t.gettext(_("Tautan cetak yang dibuka")), bars)
    if scores:
        points = [
            Value(
                t.date(s.at.astimezone(desk.settings.zone).date(), "d MMM"),
                s.accuracy,
                f"{t.number(round(100 * s.accuracy, 1))}%",
            )
            for s in scores
        ]
        pictures["trend"] = charts.line("trend", t.gettext(_("Ketepatan pada kalimat uji")), points)
    return await desk.page(
        "numbers.html",
        days=days, periods=PERIODS, counted=min(table.at for table in found.values()), waits=waits, heads=HEADS, keys=KEYS, columns=COLUMNS, shown=SHOWN, scores=scores,
        tables=tables, labels=labels, links=links, pictures=pictures, total=tables["all"][0], cell=lambda c: _cell(t, c),
        ranks={line.key: rank for rank, line in enumerate(_placed(tables["regency"], regencies), 1)},
    )  # fmt: skip


def _placed(lines: Sequence[Line], regencies: Mapping[str, Area]) -> list[Line]:
    """The lines that have a place on the map; their numbers there count from one."""
    return [line for line in lines if line.key in regencies]


def _map(desk: Desk, lines: Sequence[Line], regencies: Mapping[str, Area]) -> Markup:
    marks = [
        Spot(
            regencies[x.key].lat,
            regencies[x.key].lon,
            _value(desk.t, regencies[x.key].name, x.cells["people"]),
        )
        for x in _placed(lines, regencies)
    ]
    ground = [(area.lat, area.lon) for area in regencies.values()]
    return charts.spots("map", desk.t.gettext(_("Orang per kabupaten/kota")), ground, marks)


async def _gaps(desk: Desk) -> Response:
    encoder = await asyncio.to_thread(gaps.vectors)
    found: list[gaps.Gap] = []
    if encoder is not None:
        async with desk.database.read() as session:
            said = await gaps.missed(session, Period.last(_days(desk), now()))
        found = await asyncio.to_thread(gaps.groups, said, encoder)
    values = [
        _value(desk.t, ", ".join(gap.words), cell)
        for gap, cell in zip(found, protect([gap.count for gap in found]), strict=True)
    ]
    title = desk.t.gettext(_("Pertanyaan yang belum ada topiknya"))
    return await desk.page(
        "gaps.html",
        days=_days(desk), periods=PERIODS, found=found, able=encoder is not None, most=gaps.MOST,
        picture=charts.bars("gaps", title, values),
    )  # fmt: skip


def _csv(desk: Desk, name: str, text: str) -> Response:
    filename = f"desmi-{name}-{date.today().isoformat()}.csv"
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


async def _download(desk: Desk) -> Response:
    dimension, t = desk.request.path_params["table"], desk.t
    if dimension == "trend":
        async with desk.database.read() as session:
            scores = await trend(session)
        header: tuple[str, ...] = (
            "at",
            "model",
            "sentences",
            "accuracy",
            "macro_f1",
            "danger_recall",
            "rejected",
        )
        return _csv(
            desk, dimension, to_csv(header, [[getattr(s, column) for column in header] for s in scores])
        )
    if dimension == LINKS:
        async with desk.database.read() as session:
            links = await _links(desk, session, Period.last(_days(desk), now()))
        header = ("key", t.gettext(KEYS[LINKS]), t.gettext(_OPENED))
        return _csv(desk, dimension, to_csv(header, [[p, label, str(cell)] for p, label, cell in links]))
    if dimension not in DIMENSIONS:
        raise HTTPException(404)
    lines = (await kept(desk.database, _days(desk), dimension))[dimension].lines
    async with desk.database.read() as session:
        labels = _labels(desk, dimension, lines, await _regencies(session))
    header = ("key", *(t.gettext(name) for name in (KEYS[dimension], *(HEADS[c] for c in COLUMNS))))
    rows = [[x.key, labels[x.key], *(str(x.cells[c]) for c in COLUMNS)] for x in lines]
    return _csv(desk, dimension, to_csv(header, rows))


async def demo_banner(desk: Desk, session: AsyncSession) -> Markup | str:
    """What every page says while the database holds invented conversations."""
    if not await is_demo(session):
        return ""
    text = desk.t.gettext(_("Data contoh: semua percakapan di sini rekaan, bukan dari orang sungguhan."))
    return Markup('<p class="warn demo" role="note">{}</p>').format(text)


SCREEN = Screen(
    "numbers",
    _("Angka"),
    "/numbers",
    "numbers",
    "reviewer",
    (
        Page("/numbers", _show, "reviewer"),
        Page("/numbers/gaps", _gaps, "reviewer"),
        Page("/numbers/{table}.csv", _download, "reviewer"),
    ),
    banner=demo_banner,
)
