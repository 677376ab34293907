"""Desmigratif village centres and the other offices for workers: reading, checking, nearest."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.rows import read_rows, required, source_date

FAR_KM = 30.0  # beyond this a centre is a day's journey; offices of the regency are named too
EARTH_RADIUS_KM = 6371.0088
SOUTH, NORTH, WEST, EAST = (
    -11.1,
    6.3,
    94.9,
    141.1,
)  # Indonesia's box: Pulau Ndana, Sabang, Merauke, rounded out

OFFICE_KINDS = frozenset(
    {"LTSA", "BP3MI", "P4MI", "disnaker", "airport_lounge", "desa_migran_emas", "kantor_pusat"}
)
_IN_REGENCY = ("LTSA", "disnaker", "P4MI", "BP3MI")
_IN_PROVINCE = ("BP3MI", "LTSA", "P4MI", "disnaker")
_PREPARED = re.compile(r"\b(?:proposed|being prepared)\b", re.IGNORECASE)
_AREA_CODE = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}")
CENTRE_COLUMNS = (
    "village",
    "district",
    "regency",
    "province",
    "year",
    "source_title",
    "source_url",
    "source_date",
    "note",
    "area_code",
    "lat",
    "lon",
    "precision",
)
OFFICE_COLUMNS = (
    "kind",
    "name",
    "address",
    "regency",
    "province",
    "phone",
    "source_title",
    "source_url",
    "source_date",
    "lat",
    "lon",
    "precision",
)

Status = Literal["named", "prepared"]


@dataclass(frozen=True, slots=True)
class Centre:
    """A village that a public page names as Desmigratif; known by `area_code`, as names repeat.

    `lat` and `lon` (degrees) are the middle of the village's area, about 1 km from the village hall.
    `status` is "prepared" if the source only proposes the village or says that it is being prepared.
    `source_date` is YYYY, YYYY-MM, YYYY-MM-DD or empty.
    """

    area_code: str
    village: str
    district: str
    regency: str
    province: str
    year: int | None
    lat: float
    lon: float
    source_title: str
    source_url: str
    source_date: str
    note: str
    status: Status


@dataclass(frozen=True, slots=True)
class Office:
    """Another place for workers; `lat` and `lon` (degrees) are the middle of its district, if known."""

    kind: str
    name: str
    address: str
    regency: str
    province: str
    phone: str | None
    lat: float | None
    lon: float | None
    source_title: str
    source_url: str
    source_date: str


def centre_status(note: str) -> Status:
    """Return "prepared" if the note says proposed or being prepared, else "named"."""
    return "prepared" if _PREPARED.search(note) else "named"


def read_centres(path: Path, known_codes: Iterable[str] | None = None) -> list[Centre]:
    """Read the list of centres, all or nothing.

    Args:
        path: `content/centres.csv`.
        known_codes: Official village codes; if given, a centre with another code is an error.

    Returns:
        The centres in the order of the file.

    Raises:
        ImportErrors: With every fault found, if there is any.
        FileNotFoundError: If there is no such file.
    """
    known = None if known_codes is None else frozenset(known_codes)
    first_lines: dict[str, int] = {}

    def parse(row: Mapping[str, str], line: int) -> Centre:
        code = row["area_code"]
        if not _AREA_CODE.fullmatch(code):
            raise ValueError(f"area_code '{code}' is not like 32.12.16.2001; copy it from villages.csv.gz")
        if known is not None and code not in known:
            raise ValueError(f"area_code {code} is no village of the official list; look it up again")
        earlier = first_lines.setdefault(code, line)
        if earlier != line:
            raise ValueError(f"area_code {code} stands in line {earlier} already; keep one of the two rows")
        for column in ("village", "district", "regency", "province", "source_title", "source_url"):
            required(row, column)
        if not row["regency"].startswith(("Kabupaten ", "Kota ")):
            raise ValueError(f"regency '{row['regency']}' must begin with Kabupaten or Kota")
        point = _point(row)
        if point is None:
            raise ValueError("lat and lon are empty; take those of the village from villages.csv.gz")
        return Centre(
            area_code=code,
            village=row["village"],
            district=row["district"],
            regency=row["regency"],
            province=row["province"],
            year=_year(row["year"]),
            lat=point[0],
            lon=point[1],
            source_title=row["source_title"],
            source_url=row["source_url"],
            source_date=source_date(row["source_date"]),
            note=row["note"],
            status=centre_status(row["note"]),
        )

    return read_rows(path, CENTRE_COLUMNS, parse)


def read_offices(path: Path) -> list[Office]:
    """Read the list of offices, all or nothing.

    Args:
        path: `content/offices.csv`.

    Returns:
        The offices in the order of the file.

    Raises:
        ImportErrors: With every fault found, if there is any.
        FileNotFoundError: If there is no such file.
    """

    def parse(row: Mapping[str, str], line: int) -> Office:
        if row["kind"] not in OFFICE_KINDS:
            raise ValueError(f"kind '{row['kind']}' is unknown; use one of {', '.join(sorted(OFFICE_KINDS))}")
        for column in ("name", "province", "source_title", "source_url"):
            required(row, column)
        point = _point(row)
        return Office(
            kind=row["kind"],
            name=row["name"],
            address=row["address"],
            regency=row["regency"],
            province=row["province"],
            phone=row["phone"] or None,
            lat=None if point is None else point[0],
            lon=None if point is None else point[1],
            source_title=row["source_title"],
            source_url=row["source_url"],
            source_date=source_date(row["source_date"]),
        )

    return read_rows(path, OFFICE_COLUMNS, parse)


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance as the crow flies between two points in degrees, in kilometres.

    Haversine formula with the mean earth radius R1 = 6371.0088 km (Moritz, "Geodetic Reference
    System 1980", Journal of Geodesy 74, 2000).
    """
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def nearest(centres: Iterable[Centre], lat: float, lon: float, n: int = 3) -> list[tuple[Centre, float]]:
    """Return the `n` centres nearest to a point (degrees) with their distance in kilometres."""
    measured = [(centre, distance_km(lat, lon, centre.lat, centre.lon)) for centre in centres]
    return sorted(measured, key=lambda pair: (pair[1], pair[0].area_code))[:n]


def offices_for(
    offices: Iterable[Office], regency: str | None, province: str, lat: float, lon: float
) -> list[Office]:
    """Return the LTSA, BP3MI, P4MI and Disnaker for a place, to be named when a centre is far.

    Args:
        offices: All offices; other kinds are left out.
        regency: With Kabupaten or Kota; None if not known.
        province: Official name.
        lat: Latitude of the person's place, degrees.
        lon: Longitude, degrees.

    Returns:
        Those of the regency if there is any; else those of the province, BP3MI first. Within a kind
        the nearest first, those without a point last.
    """
    here = [office for office in offices if office.province == province]
    own = [office for office in here if regency and office.regency == regency and office.kind in _IN_REGENCY]
    kinds = _IN_REGENCY if own else _IN_PROVINCE
    chosen = own or [office for office in here if office.kind in kinds]

    def order(office: Office) -> tuple[int, float, str]:
        if office.lat is None or office.lon is None:
            return kinds.index(office.kind), math.inf, office.name
        return kinds.index(office.kind), distance_km(lat, lon, office.lat, office.lon), office.name

    return sorted(chosen, key=order)


def _point(row: Mapping[str, str]) -> tuple[float, float] | None:
    if not row["lat"] and not row["lon"]:
        return None
    try:
        lat, lon = float(row["lat"]), float(row["lon"])
    except ValueError as error:
        raise ValueError(
            f"lat '{row['lat']}', lon '{row['lon']}' are not both numbers; write degrees like -6.33063"
        ) from error
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        raise ValueError(f"lat {lat}, lon {lon} is outside Indonesia; see whether they are swapped")
    return lat, lon


def _year(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"20[12]\d", text):
        raise ValueError(f"year '{text}' is not between 2010 and 2029; leave it empty if not known")
    return int(text)
