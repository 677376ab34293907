"""From a person's words to an official area: "lotim", "kec sindang indramayu", typos and sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.gazetteer import Area, Gazetteer, Level
from core.place_guess import Guesser
from core.place_index import NameIndex
from core.place_mentions import Mention, Reader
from core.place_text import Aliases

MAX_CANDIDATES = 8  # buttons that fit one screen of a phone
_RANK: dict[Level, int] = {"province": 0, "regency": 1, "district": 2, "village": 3}
_NAMESAKES = 2  # villages elsewhere that a district of the same name may outweigh
_PER_EDIT = 0.15
_MOST_MENTIONS = 12  # no address names more; they are compared with each other
_GAP = 2  # words between a name and the area that confirms it
_SURE_LETTERS = 9  # a name with two wrong letters is taken without asking from this length


@dataclass(frozen=True, slots=True)
class Place:
    """An area as it is shown and used: official names, and its middle in degrees."""

    code: str
    name: str
    level: Level
    district: str | None
    regency: str | None
    province: str
    lat: float
    lon: float

    @property
    def regency_code(self) -> str | None:
        """The code of the regency that it is or lies in; None for a province."""
        province, _dot, rest = self.code.partition(".")
        return f"{province}.{rest.partition('.')[0]}" if rest else None


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """What a text says about a place.

    Attributes:
        status: "found" = one candidate; "ask" = the person must choose or confirm; "none" = no place.
        candidates: At most `MAX_CANDIDATES`, likeliest first.
        total: How many areas fitted; more than the candidates = ask for the district instead.
    """

    status: Literal["found", "ask", "none"]
    candidates: tuple[Place, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class _Choice:
    area: Area
    mention: Mention
    score: float


NOTHING = PlaceResult("none")


def needs_district(result: PlaceResult) -> bool:
    """Tell whether a found place is too wide to name a distance from its middle.

    The middle of a regency is often nobody's home and can even lie in another area, so the caller
    asks for the district first.
    """
    return result.status == "found" and result.candidates[0].level in ("province", "regency")


class PlaceFinder:
    """Looks up places; safe to share between tasks, as a look-up changes nothing but a cache."""

    def __init__(self, gazetteer: Gazetteer, aliases: Aliases, centre_codes: Iterable[str] = ()) -> None:
        """Build the index (about a second).

        Args:
            gazetteer: All areas.
            aliases: Nicknames and words around names.
            centre_codes: Village codes of the centres; their regencies come first when asking back.
        """
        self._gazetteer = gazetteer
        self._aliases = aliases
        self._index = NameIndex(gazetteer, aliases)
        self._guesser = Guesser(gazetteer, self._index, aliases)
        self._preferred = frozenset(code[: len("32.12")] for code in centre_codes)

    def find(self, text: str, *, asked: bool = False) -> PlaceResult:
        """Find the place that a message or a short answer names.

        Args:
            text: Anything a person wrote; only its beginning is read if it is very long.
            asked: The person was just asked for the place, so that short misspelt village names,
                which ordinary words resemble too, are searched as well.

        Returns:
            The place, the places to choose from, or nothing. Never raises.
        """
        reader = Reader(text, self._index, self._aliases, asked)
        mentions = _usable(reader)[:_MOST_MENTIONS]
        if not mentions:
            return self._guessed(reader)
        choices = _best(mentions, reader)
        choices = _without_namesakes_inside(choices)
        ordered = sorted(choices, key=self._order)
        sure = _sure(ordered)
        if sure is not None:
            return PlaceResult("found", (self._place(sure.area),), 1)
        places = tuple(self._place(choice.area) for choice in ordered[:MAX_CANDIDATES])
        return PlaceResult("ask", places, len(ordered))

    def _guessed(self, reader: Reader) -> PlaceResult:
        """What a text that is only a misspelt name may mean."""
        guesses = self._guesser.guess(reader.words)
        if not guesses:
            return NOTHING
        choices = [
            _Choice(area, Mention(0, len(reader.words), (area,), edits), 1 - _PER_EDIT * edits)
            for edits, area in guesses
        ]
        ordered = sorted(_without_namesakes_inside(choices), key=self._order)
        places = tuple(self._place(choice.area) for choice in ordered[:MAX_CANDIDATES])
        letters = sum(len(word.text) for word in reader.words)
        sure = len(ordered) == 1 and letters >= _SURE_LETTERS
        return PlaceResult("found" if sure else "ask", places, len(ordered))

    def place(self, code: str) -> Place | None:
        """Return the place with that code (a button the person pressed), or None."""
        area = self._gazetteer.get(code)
        return None if area is None else self._place(area)

    def _order(self, choice: _Choice) -> tuple[int, int, bool, str]:
        code = choice.area.code
        far_from_centres = code[: len("32.12")] not in self._preferred
        return _RANK[choice.area.level], choice.mention.edits, far_from_centres, code

    def _place(self, area: Area) -> Place:
        names = {holder.level: holder.name for holder in (area, *self._gazetteer.parents(area))}
        return Place(
            code=area.code,
            name=area.name,
            level=area.level,
            district=names.get("district"),
            regency=names.get("regency"),
            province=names["province"],
            lat=area.lat,
            lon=area.lon,
        )


def _inside(area: Area, mention: Mention) -> bool:
    return any(area.code.startswith(holder.code + ".") for holder in mention.areas)


def _chains(one: Mention, other: Mention) -> bool:
    return any(_inside(a, other) for a in one.areas) or any(_inside(a, one) for a in other.areas)


def _upper(mention: Mention, reader: Reader) -> bool:
    return reader.short and any(area.level != "village" for area in mention.areas)


def _said_of(area: Area, mention: Mention, holder: Mention, reader: Reader) -> bool:
    """A name that a regency bears means the small area only right beside its holder.

    "bandung pecalungan" is a village; "saya dari lotim, pt nya di surabaya" speaks of the city.
    """
    if mention.typed or area.level == "regency" or not any(a.level == "regency" for a in mention.areas):
        return True
    return reader.only_levels(*_between(mention, holder))


def _said_before(mention: Mention, earlier: Iterable[Mention]) -> bool:
    """A name that comes again without its level says nothing new ("kec Pasirian ... dari Pasirian")."""
    return not mention.typed and any(m.typed and set(m.areas) < set(mention.areas) for m in earlier)


def _between(one: Mention, other: Mention) -> tuple[int, int]:
    first, last = sorted((one, other), key=lambda m: m.start)
    return first.end, last.start


def _usable(reader: Reader) -> list[Mention]:
    """Leave out names that are only words of the sentence."""
    mentions = [
        m for i, m in enumerate(reader.mentions) if not m.hamlet and not _said_before(m, reader.mentions[:i])
    ]
    strong = [m for m in mentions if m.strong and (m.typed or not m.foreign)]
    kept: list[Mention] = []
    for i, mention in enumerate(mentions):
        if mention in strong:
            kept.append(mention)
        elif mention.ordinary:
            after = mentions[i + 1 : i + 2]
            beside = [m for m in after if m in strong] + [
                m for m in (*mentions[max(0, i - 1) : i], *after) if reader.short and not m.ordinary
            ]
            alone = reader.bare and len(mentions) == 1 and (mention.typed or not mention.foreign)
            if alone or any(
                reader.only_levels(*_between(mention, holder)) and _inside(area, holder)
                for holder in beside
                for area in mention.areas
            ):
                kept.append(mention)
        elif (
            reader.bare
            or (reader.short and len(mentions) > 1)
            or _upper(mention, reader)
            or any(
                max(other.start - mention.end, mention.start - other.end) <= _GAP and _chains(mention, other)
                for other in strong
            )
        ):
            kept.append(mention)
    return kept or [m for m in reader.mentions if m.hamlet and (not m.ordinary or reader.short)]


def _best(mentions: list[Mention], reader: Reader) -> list[_Choice]:
    """Weigh each area by the mentions that agree with it; the best-supported win."""
    choices: dict[str, _Choice] = {}
    for mention in mentions:
        others = [m for m in mentions if m is not mention]
        for area in mention.areas:
            score = 1 - _PER_EDIT * mention.edits
            holders = [m for m in others if _inside(area, m) or (area.level == "regency" and area in m.areas)]
            if any(_said_of(area, mention, m, reader) for m in holders):
                score += sum(1 - _PER_EDIT * m.edits for m in holders)
            old = choices.get(area.code)
            if old is None or score > old.score:
                choices[area.code] = _Choice(area, mention, score)
    top = max(choice.score for choice in choices.values())
    return [choice for choice in choices.values() if choice.score > top - _PER_EDIT / 2]


def _without_namesakes_inside(choices: list[_Choice]) -> list[_Choice]:
    """Of a district and the village of that name in it keep the district: it holds both.

    A province does not swallow a regency of its name (Gorontalo): they are asked back.
    """
    kept: list[_Choice] = []
    for choice in choices:
        swallowed = any(
            other.mention is choice.mention
            and choice.area.code.startswith(other.area.code + ".")
            and not (other.area.level == "province" and choice.area.level == "regency")
            for other in choices
        )
        if not swallowed:
            kept.append(choice)
    return kept


def _sure(ordered: list[_Choice]) -> _Choice | None:
    """Return the one area that is meant, or None if the person should say."""
    first = ordered[0]
    doubtful = first.mention.doubtful or (
        first.mention.edits > 1 and first.score < 1 and sum(map(len, first.area.name.split())) < _SURE_LETTERS
    )
    if doubtful:
        return None
    if len(ordered) == 1:
        return first
    if any(choice.mention is not first.mention for choice in ordered):
        return None
    if ordered[1].area.level == first.area.level or first.area.level == "village":
        return None
    if first.area.level == "province" and ordered[1].area.level == "regency":
        return None
    if first.area.level == "district" and len(ordered) - 1 > _NAMESAKES:
        return None
    return first
