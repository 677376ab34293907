"""Placement companies (P3MI): an operator's dated list, and the look-up of a name as people write it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz

from core.rows import read_rows, required

STATUSES = ("active", "suspended", "revoked")
COLUMNS = ("name", "licence", "status", "city", "as_of", "source_title", "source_publisher", "source_url")

NEAR = 84.0
"""Likeness (0 to 100) from which a name is offered as a question; only a name equal to the letter is an answer."""
SHOWN = 4
_FORMS = frozenset(
    {"pt", "cv", "ud", "pjtki", "pptkis", "p3mi", "perseroan", "terbatas", "tbk", "yayasan", "lpk", "persero"}
)
_SHORT = {"intl": "internasional", "international": "internasional", "mdr": "mandiri", "mndiri": "mandiri", "jy": "jaya",
    "sjhtra": "sejahtera", "mkmur": "makmur", "indo": "indonesia", "prima": "prima", "bros": "bersaudara"}  # fmt: skip
_NAMED = re.compile(r"\b(?:pt|cv|ud|p3mi|pjtki|yayasan|lpk)\b\.?\s+([^\n,;:?!()\"]{2,80})", re.IGNORECASE)
_END = re.compile(
    r"(?<=\w)\s+(?:ada|apa|apakah|aktif|aman (?:ga|gak|tidak|kah|ya)|ga|gak|gk|nggak|ngga|tidak|tdk|itu|ini|resmi|legal|izin|ijin|izinnya|ijinnya|"
    r"ijine|terdaftar|kadaftar|bodong|dong|min|ya|sih|kah|masih|msh|bisa|boleh|mohon|tolong|dicek|cek|untuk|yang|yg|kuwi|niku|opo|nopo|teu|aya|ora|"
    r"ono|sama|dan|lewat|ke|dari|di|cabang|licensed|is|on|statusnya|kena|sudah|udah|or|atau)\b.*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Agency:
    """A company of the list; `status` is active, suspended or revoked as of the day `as_of` (YYYY-MM-DD)."""

    name: str
    licence: str
    status: str
    city: str
    as_of: str
    source_title: str
    source_publisher: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a name led to: companies of just this name, or (`near`) of names like it, or none."""

    kind: Literal["same", "near", "none"]
    agencies: tuple[Agency, ...] = ()


def read_agencies(path: Path) -> list[Agency]:
    """Read an operator's list; all rows must be of one day, for an answer names that day.

    Raises:
        core.rows.ImportErrors: With every fault by line.
    """
    first: list[str] = []

    def parse(row: Mapping[str, str], line: int) -> Agency:
        for column in ("name", "as_of", "source_title", "source_publisher"):
            required(row, column)
        if row["status"] not in STATUSES:
            raise ValueError(f"status '{row['status']}' is unknown; use one of {', '.join(STATUSES)}")
        if not simple_name(row["name"]):
            raise ValueError(f"name '{row['name']}' holds nothing but a legal form")
        if len(row["name"]) > 200 or len(row["licence"]) > 100 or len(row["city"]) > 100:
            raise ValueError("name (200), licence (100) or city (100 letters) is too long")
        day = date.fromisoformat(row["as_of"]) if re.fullmatch(r"\d{4}-\d\d-\d\d", row["as_of"]) else None
        if day is None:
            raise ValueError(f"as_of '{row['as_of']}' must be the day of the list, as 2026-11-23")
        if day > date.today():
            raise ValueError(f"as_of {day} has not come yet")
        first.append(row["as_of"])
        if row["as_of"] != first[0]:
            raise ValueError(f"as_of {day} differs from {first[0]} above; a list is of one day")
        return Agency(**row)

    return read_rows(path, COLUMNS, parse)


def simple_name(name: str) -> str:
    """A name without its legal form, marks and capitals; usual short forms written out."""
    joined = re.sub(r"\b([pcu])\.\s?([tvd])\b", r"\1\2", name.lower())  # P.T.
    words = re.sub(r"[^\w]+", " ", joined).split()
    kept = [_SHORT.get(word, word) for word in words if word not in _FORMS]
    return " ".join(kept)


def named_in(text: str) -> str | None:
    """The company's name that a sentence holds after PT, CV ...; None where there is none."""
    match = _NAMED.search(text)
    if match is None:
        return None
    name = _END.sub("", match[1]).replace(".", " ").split()
    return " ".join(name[:8]) or None


def look_up(agencies: Iterable[Agency], name: str) -> Lookup:
    """Look a name up.

    Args:
        agencies: The list.
        name: As a person writes it, with or without PT, with slips or as initials.
    """
    wanted = simple_name(name)
    if not wanted:
        return Lookup("none")
    packed = wanted.replace(" ", "")
    same: list[Agency] = []
    near: list[tuple[float, Agency]] = []
    for agency in agencies:
        known = simple_name(agency.name)
        if known.replace(" ", "") == packed:
            same.append(agency)
            continue
        likeness = _likeness(wanted, packed, known)
        if likeness >= NEAR:
            near.append((likeness, agency))
    if same:
        return Lookup("same", tuple(same))
    near.sort(key=lambda pair: (-pair[0], pair[1].name))
    return Lookup("near", tuple(agency for _likeness, agency in near[:SHOWN])) if near else Lookup("none")


def _likeness(wanted: str, packed: str, known: str) -> float:
    """How alike two names are, 0 to 100; initials and a beginning of whole words count as alike."""
    words = known.split()
    if 3 <= len(packed) <= 6 and packed == "".join(word[0] for word in words):
        return 95.0
    if len(wanted.split()) >= 2 and f"{known} ".startswith(f"{wanted} "):
        return 95.0
    return max(fuzz.ratio(packed, known.replace(" ", "")), fuzz.token_sort_ratio(wanted, known))


def worst(agencies: Sequence[Agency]) -> str:
    """The status to tell of several companies of one name: the one that warns most."""
    return max((agency.status for agency in agencies), key=STATUSES.index)
