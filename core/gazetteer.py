"""The official areas of Indonesia, from province down to village."""

import csv
import gzip
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

Level = Literal["province", "regency", "district", "village"]

_FILES: tuple[tuple[str, Level, str | None], ...] = (
    ("provinces.csv", "province", None),
    ("regencies.csv", "regency", "province_code"),
    ("districts.csv", "district", "regency_code"),
    ("villages.csv.gz", "village", "district_code"),
)


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area by decree Kepmendagri 300.2.2-2430 of 2025.

    Attributes:
        code: Official code, also the path to it: "32.12.16.2001" lies in "32.12.16".
        name: Official name; a regency carries "Kabupaten" or "Kota", other levels are bare.
        level: Province, regency (Kabupaten or Kota), district or village (desa or kelurahan).
        parent: Code of the area that holds it; None for a province.
        lat: Latitude of its middle, degrees.
        lon: Longitude of its middle, degrees.
        source: Where the point comes from; ends in "(district)" if it is the district's point.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    lat: float
    lon: float
    source: str


def read_areas(folder: Path) -> Iterator[Area]:
    """Read the four files of `content/geography`, larger areas before smaller ones.

    Args:
        folder: The folder with provinces.csv, regencies.csv, districts.csv and villages.csv.gz.

    Yields:
        One area a row.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a row has a missing or wrong value; the message names file and line.
    """
    for filename, level, parent_column in _FILES:
        path = folder / filename
        opened: IO[str] = (
            gzip.open(path, "rt", encoding="utf-8", newline="")  # noqa: SIM115 (closed by `with`)
            if path.suffix == ".gz"
            else path.open(encoding="utf-8", newline="")
        )
        with opened as lines:
            reader = csv.DictReader(lines)
            for row in reader:
                try:
                    yield Area(
                        code=row["code"],
                        name=row["name"],
                        level=level,
                        parent=None if parent_column is None else sys.intern(row[parent_column]),
                        lat=float(row["lat"]),
                        lon=float(row["lon"]),
                        source=sys.intern(row["source"]),
                    )
                except (KeyError, TypeError, ValueError) as error:
                    raise ValueError(f"{filename}, line {reader.line_num}: {error!r}") from error


class Gazetteer:
    """All areas in memory, by code."""

    def __init__(self, areas: dict[str, Area]) -> None:
        self._areas = areas

    @classmethod
    def from_areas(cls, areas: Iterable[Area]) -> "Gazetteer":
        """Build it from rows in any order.

        Args:
            areas: Areas from the files or from the database.

        Returns:
            The gazetteer.

        Raises:
            ValueError: If a code occurs twice or a parent is missing.
        """
        by_code: dict[str, Area] = {}
        for area in areas:
            if area.code in by_code:
                raise ValueError(f"area code {area.code} occurs twice")
            by_code[area.code] = area
        for area in by_code.values():
            if area.parent is not None and area.parent not in by_code:
                raise ValueError(f"area {area.code} ({area.name}) has an unknown parent {area.parent}")
        return cls(by_code)

    def __len__(self) -> int:
        return len(self._areas)

    def __iter__(self) -> Iterator[Area]:
        return iter(self._areas.values())

    def get(self, code: str) -> Area | None:
        """Return the area with that code, or None."""
        return self._areas.get(code)

    def parents(self, area: Area) -> tuple[Area, ...]:
        """Return the areas that hold this one, nearest first (district, regency, province)."""
        chain: list[Area] = []
        code = area.parent
        while code is not None:
            holder = self._areas[code]
            chain.append(holder)
            code = holder.parent
        return tuple(chain)

    def path_name(self, area: Area) -> str:
        """Return the full name as an address is written.

        Returns:
            For example "Desa Kenanga, Kec. Sindang, Kab. Indramayu, Jawa Barat".
        """
        return ", ".join(_titled(part) for part in (area, *self.parents(area)))


def _titled(area: Area) -> str:
    """Put the level before a name; a village code that goes on with 1 is a kelurahan, with 2 a desa."""
    match area.level:
        case "village":
            return f"{'Kelurahan' if area.code.rpartition('.')[2].startswith('1') else 'Desa'} {area.name}"
        case "district":
            return f"Kec. {area.name}"
        case "regency":
            return area.name.replace("Kabupaten ", "Kab. ", 1)
        case "province":
            return area.name
