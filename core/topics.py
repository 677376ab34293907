"""Topics: the one list of what Desmi answers (`content/topics.yml`), and the names of its themes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core import plain_yaml
from core.languages import mark as _
from core.settings import ROOT

OUT_OF_SCOPE = "bot/out_of_scope"

THEME_TITLES: Mapping[str, str] = {
    "migration": _("Berangkat dengan aman"),
    "documents": _("Dokumen"),
    "health": _("Kesehatan"),
    "insurance": _("Asuransi (BPJS)"),
    "money": _("Uang dan gaji"),
    "help": _("Minta bantuan"),
    "destinations": _("Negara tujuan"),
    "desmigratif": _("Desmigratif"),
    "family": _("Keluarga"),
    "return": _("Pulang ke Indonesia"),
    "bot": _("Tentang Desmi"),
    "task": _("Layanan Desmi"),
}
"""Friendly names of the themes, in menu order."""

CONVERSATIONAL = frozenset({"bot/greet", "bot/thanks", "bot/goodbye", OUT_OF_SCOPE})
"""Topics that no menu lists: one does not look them up."""

EMERGENCIES = frozenset(
    {"help/abuse", "help/sexual_violence", "help/confined", "help/trafficked", "help/self_harm"}
)


@dataclass(frozen=True, slots=True)
class Topic:
    """One entry of the list: `id` is `theme/topic`, `title` Indonesian, `scope` for editors."""

    id: str
    title: str
    scope: str

    @property
    def theme(self) -> str:
        """The part before the slash."""
        return self.id.partition("/")[0]


@lru_cache(maxsize=1)
def topics(path: Path = ROOT / "content" / "topics.yml") -> Mapping[str, Topic]:
    """All topics by id, in the list's order."""
    raw: Mapping[str, Mapping[str, Mapping[str, str]]] = plain_yaml.load(path.read_text("utf-8"))
    return {
        f"{theme}/{name}": Topic(f"{theme}/{name}", entry["title"], entry["scope"])
        for theme, entries in raw.items()
        for name, entry in entries.items()
    }


def themes() -> list[str]:
    """The themes in menu order."""
    return list(THEME_TITLES)


def of_theme(theme: str) -> list[Topic]:
    """The topics of a theme that a menu lists, in order; empty for an unknown theme."""
    return [t for t in topics().values() if t.theme == theme and t.id not in CONVERSATIONAL]


def of_theme_all(theme: str) -> list[str]:
    """The ids of all topics of a theme, those too that no menu lists; empty for an unknown theme."""
    return [t.id for t in topics().values() if t.theme == theme]
