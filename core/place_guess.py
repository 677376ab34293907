"""A last look at an address that names no known place: names with a wrong letter where exact words were wanted.

Only for a text that is nothing but a name ("btam", "pdang lawas", "nelle skka"); what is found is asked back
unless the name is long.
"""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.gazetteer import Area, Gazetteer
from core.place_index import NameIndex, bare_name
from core.place_text import Aliases, Word, key

_MOST_WORDS = 5
_SHORTEST = 3
_DISTRICT_FROM = 7
"""Letters from which districts are searched too; there are 7,285 of them, and short names resemble each other."""


def _edits(length: int) -> int:
    return 1 if length < 8 else 2


class Guesser:
    """Looks up a whole text as one misspelt name, or as a name and its misspelt regency."""

    def __init__(self, gazetteer: Gazetteer, index: NameIndex, aliases: Aliases) -> None:
        self._gazetteer = gazetteer
        self._index = index
        self._aliases = aliases
        self._wide: dict[str, list[Area]] = {}
        self._districts: dict[str, list[Area]] = {}
        for area in gazetteer:
            if area.level == "village":
                continue
            names = self._districts if area.level == "district" else self._wide
            names.setdefault(key(bare_name(area), aliases.short), []).append(area)

    def guess(self, words: Sequence[Word]) -> list[tuple[int, Area]]:
        """Areas that may be meant with the number of wrong letters, fewest first; empty for a sentence."""
        names = [w for w in words if not w.level and w.text not in self._aliases.before]
        if not 0 < len(names) <= _MOST_WORDS or all(self._aliases.is_ordinary(w.text) for w in names):
            return []
        texts = [w.text for w in names]
        found = dict(self._with_holder(texts)) or dict(self._whole("".join(texts)))
        least = min(found.values(), default=0)
        return sorted(
            ((n, self._area(code)) for code, n in found.items() if n == least), key=lambda p: p[1].code
        )

    def _area(self, code: str) -> Area:
        area = self._gazetteer.get(code)
        assert area is not None
        return area

    def _whole(self, name: str) -> list[tuple[str, int]]:
        if len(name) < _SHORTEST:
            return []
        tables = [self._wide] + ([self._districts] if len(name) >= _DISTRICT_FROM else [])
        found: list[tuple[str, int]] = []
        for table in tables:
            for match, distance, _ in process.extract(
                name, list(table), scorer=OSA.distance, score_cutoff=_edits(len(name)), limit=8
            ):
                found += [(area.code, int(distance)) for area in table[match]]
        return found

    def _with_holder(self, texts: Sequence[str]) -> list[tuple[str, int]]:
        """A district or village written right, its regency with a wrong letter."""
        found: list[tuple[str, int]] = []
        for border in range(1, len(texts)):
            inner, outer = "".join(texts[:border]), "".join(texts[border:])
            if len(outer) < _SHORTEST:
                continue
            for area in self._index.exact(inner):
                for holder in self._gazetteer.parents(area):
                    if holder.level != "regency":
                        continue
                    name = key(bare_name(holder), self._aliases.short)
                    edits = _edits(len(outer))
                    if (distance := OSA.distance(outer, name, score_cutoff=edits)) <= edits:
                        found.append((area.code, distance))
        return found
