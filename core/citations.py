"""Citations: how an answer names its sources and their age, before any messenger's markup."""

from dataclasses import dataclass
from datetime import date

from core.languages import Translator
from core.languages import mark as _
from core.replies import Reply

SOURCES_SHOWN = 2
SOURCE_LINE = _("Sumber: {sources}")

_CHECKED = _("diperiksa {date}")
_STALE = _("⚠️ mungkin sudah berubah sejak {date}")


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as it is shown: `url` is a web address or empty, `about` names publisher and date."""

    title: str
    url: str
    about: str


def about(publisher: str, day: str) -> str:
    """Publisher and date of a source, the date only where the source shows one."""
    return ", ".join(filter(None, (publisher, day)))


def citations(t: Translator, reply: Reply) -> tuple[Citation, ...]:
    """The first sources of a reply in the person's language."""
    return tuple(
        Citation(
            source.title,
            source.url if source.url.startswith(("https://", "http://")) else "",
            about(source.publisher, _when(t, source.date)),
        )
        for source in reply.sources[:SOURCES_SHOWN]
    )


def ages(t: Translator, reply: Reply, today: date) -> tuple[str, ...]:
    """When the sources were checked, and whether that is too long ago."""
    if not reply.checked:
        return ()
    checked = t.date(date.fromisoformat(reply.checked))
    lines = [t.gettext(_CHECKED).format(date=checked)]
    if reply.review_by and date.fromisoformat(reply.review_by) < today:
        lines.append(t.gettext(_STALE).format(date=checked))
    return tuple(lines)


def _when(t: Translator, day: str) -> str:
    """A source's date as precisely as it is known."""
    try:
        match len(day):
            case 10:
                return t.date(date.fromisoformat(day))
            case 7:
                return t.date(date.fromisoformat(f"{day}-01"), "MMMM y")
    except ValueError:
        pass
    return day
