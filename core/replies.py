"""Replies: what Desmi says, before any messenger's form; the edge renders them."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its label, and the code (see `core.codes`) that comes back when it is tapped."""

    text: str
    data: str


@dataclass(frozen=True, slots=True)
class Venue:
    """A pin on the map; `lat` and `lon` in degrees (WGS 84)."""

    title: str
    address: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read; `date` as YYYY, YYYY-MM or YYYY-MM-DD, empty where the source shows none."""

    title: str
    publisher: str
    url: str
    date: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to keep or print: its name, media type, and bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person, in no messenger's markup.

    `checked` is the date (YYYY-MM-DD) on which the sources were checked; `review_by` the date after
    which the answer counts as stale. `ask_location` asks the edge to offer "share my location".
    """

    text: str
    buttons: tuple[tuple[Choice, ...], ...] = ()
    venue: Venue | None = None
    topic: str | None = None
    sources: tuple[Source, ...] = ()
    checked: str | None = None
    review_by: str | None = None
    related: tuple[str, ...] = ()
    ask_location: bool = False
    file: File | None = None
    area: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping; `from_dict` undoes it. A file's bytes are written in base64."""
        value = asdict(self)
        if self.file is not None:
            value["file"]["data"] = b64encode(self.file.data).decode("ascii")
        return value

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Reply":
        """Build a reply from `to_dict`'s mapping; missing keys take their defaults."""
        venue, file = value.get("venue"), value.get("file")
        return cls(
            text=str(value.get("text") or ""),
            buttons=tuple(
                tuple(Choice(str(c["text"]), str(c["data"])) for c in row)
                for row in value.get("buttons") or ()
            ),
            venue=Venue(venue["title"], venue["address"], float(venue["lat"]), float(venue["lon"]))
            if venue
            else None,
            topic=value.get("topic"),
            sources=tuple(
                Source(s["title"], s["publisher"], s.get("url", ""), s.get("date", ""))
                for s in value.get("sources") or ()
            ),
            checked=value.get("checked"),
            review_by=value.get("review_by"),
            related=tuple(value.get("related") or ()),
            ask_location=bool(value.get("ask_location")),
            file=File(str(file["name"]), str(file["media_type"]), b64decode(file["data"], validate=True))
            if file
            else None,
            area=value.get("area"),
        )
