"""Names of areas, for exact and misspelt look-ups."""

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.gazetteer import Area, Gazetteer
from core.place_text import Aliases, key

_KIND = re.compile(r"^(?:Kabupaten|Kota)(?: Administrasi)? ")
_MISSPELT_NICKNAME = 8  # letters; "gambar" is not "lambar"
_CACHED = 4096
_REGENCY_CODE = len("32.12")


def bare_name(area: Area) -> str:
    """Return the name without Kabupaten or Kota."""
    return _KIND.sub("", area.name) if area.level == "regency" else area.name


def allowed_edits(length: int) -> int:
    """Return how many wrong letters a name of that many letters may have."""
    return 0 if length < 5 else 1 if length < 8 else 2


class NameIndex:
    """Compared names of all areas and their nicknames.

    Misspelt names are searched among names of about the same length that share the first or the
    last letter, which any single mistake leaves standing; so a search reads some hundreds of names.
    """

    def __init__(self, gazetteer: Gazetteer, aliases: Aliases) -> None:
        self._exact: dict[str, list[Area]] = {}
        self._upper: set[str] = set()
        self._within: dict[str, list[tuple[str, Area]]] = {}
        for area in gazetteer:
            name = key(bare_name(area), aliases.short)
            self._exact.setdefault(name, []).append(area)
            if area.level != "village":
                self._upper.add(name)
            if area.level in ("district", "village"):
                self._within.setdefault(area.code[:_REGENCY_CODE], []).append((name, area))
        self._parts: dict[str, list[Area]] = {}
        for area in gazetteer:
            first, _, last = area.name.rpartition(" ")
            if area.level == "district" and first and last.casefold() in aliases.directions:
                self._parts.setdefault(key(first, aliases.short), []).append(area)
        official = set(self._exact)
        for name, codes in aliases.names.items():
            areas = self._exact.setdefault(name, [])
            for code in codes:
                area_of_code = gazetteer.get(code)
                if area_of_code is not None and area_of_code not in areas:
                    areas.append(area_of_code)
            self._upper.add(name)
        self._firsts: dict[tuple[str, int], list[str]] = {}
        self._lasts: dict[tuple[str, int], list[str]] = {}
        nicknames = {n for n in aliases.names if len(n) < _MISSPELT_NICKNAME} - official
        for name in self._exact.keys() - nicknames:
            self._firsts.setdefault((name[:1], len(name)), []).append(name)
            self._lasts.setdefault((name[-1:], len(name)), []).append(name)
        self._near = lru_cache(maxsize=_CACHED)(self._search)

    def __len__(self) -> int:
        return len(self._exact)

    def exact(self, name: str) -> tuple[Area, ...]:
        """Return the areas with that compared name."""
        return tuple(self._exact.get(name, ()))

    def halves(self, name: str) -> tuple[Area, ...]:
        """Return the districts called so with a direction after it ("cilamaya": Kulon and Wetan)."""
        return tuple(self._parts.get(name, ()))

    def is_wide(self, name: str) -> bool:
        """Tell whether a province, regency or nickname has that compared name."""
        return any(area.level in ("province", "regency") for area in self._exact.get(name, ()))

    def near(self, name: str, upper_only: bool = False) -> list[tuple[int, str]]:
        """Return misspelt matches of a compared name.

        Args:
            name: What the person wrote, as `key` gives it.
            upper_only: Leave out names that only villages have.

        Returns:
            Pairs of (wrong letters, compared name), best first.
        """
        found = self._near(name)
        return [pair for pair in found if not upper_only or pair[1] in self._upper]

    def near_within(self, name: str, holder: Area) -> list[tuple[int, Area]]:
        """Return areas inside a regency or district whose name is a misspelling away, best first.

        One wrong letter more is allowed than in the whole country, as few names can be meant.
        """
        edits = min(allowed_edits(len(name)) + 1, len(name) // 4)
        prefix = holder.code + "."
        found: list[tuple[int, Area]] = []
        for other, area in self._within.get(holder.code[:_REGENCY_CODE], ()):
            if area.code.startswith(prefix):
                distance = OSA.distance(name, other, score_cutoff=edits)
                if distance <= edits:
                    found.append((distance, area))
        return sorted(found, key=lambda pair: (pair[0], pair[1].code))

    def _search(self, name: str) -> tuple[tuple[int, str], ...]:
        edits = allowed_edits(len(name))
        if not edits:
            return ()
        found: dict[str, int] = {}
        for length in range(len(name) - edits, len(name) + edits + 1):
            for block in (
                self._firsts.get((name[0], length), ()),
                self._lasts.get((name[-1], length), ()),
            ):
                for match, distance, _ in process.extract(
                    name, block, scorer=OSA.distance, score_cutoff=edits, limit=20
                ):
                    found[match] = int(distance)
        return tuple(sorted((distance, match) for match, distance in found.items()))
