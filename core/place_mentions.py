"""Which words of a text name an area, before it is decided which area."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.gazetteer import Area
from core.place_index import NameIndex, bare_name
from core.place_text import Aliases, Word, plain, words

_LONGEST = 6  # words in the longest official name that people write out
_LONGEST_MISSPELT = 3
_SHORT_ANSWER = 4  # unknown words that an answer to "which village?" has at most
_DISTINCT = 9  # letters from which a misspelt village is told from an ordinary word, if not asked for
_VERY_DISTINCT = 12  # from here on two wrong letters
_UPPER_DISTINCT = 6  # the same for the fewer names of larger areas
_BARE = 3  # words of a message that is a village name with a greeting
_FULL_LEVEL_WORD = 4  # letters: "kota", "kampung" may begin a name, "kel" + "apa" may not


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `start` to `end` of a text and the areas that they may name.

    Attributes:
        start: First word.
        end: One past the last word.
        areas: What may be meant.
        edits: Wrong letters.
        typed: The person wrote a level word before it.
        strong: It is a place even inside an ordinary sentence.
        ordinary: Only ordinary words; a place by its company alone.
        foreign: A destination abroad.
        hamlet: A level below the village stands before it.
        doubtful: The level that the person wrote does not fit.
    """

    start: int
    end: int
    areas: tuple[Area, ...]
    edits: int = 0
    typed: bool = False
    strong: bool = False
    ordinary: bool = False
    foreign: bool = False
    hamlet: bool = False
    doubtful: bool = False


def of_level(areas: Iterable[Area], level: str) -> tuple[Area, ...]:
    """Return the areas that fit a level word; "city" are regencies called Kota."""
    listed = tuple(areas)
    if level == "city":
        return tuple(a for a in listed if a.level == "regency" and a.name.startswith("Kota "))
    fitting = tuple(a for a in listed if a.level == level)
    if level == "regency":
        return tuple(a for a in fitting if a.name.startswith("Kabupaten ")) or fitting
    return fitting


class Reader:
    """Reads the mentions of one text."""

    def __init__(self, text: str, index: NameIndex, aliases: Aliases, asked: bool) -> None:
        self._asked = asked
        self._index = index
        self._aliases = aliases
        self.words = self._unglue(words(text, aliases))
        self._skipped = self._address_words()
        self.mentions = self._exact()
        unknown = self._unknown()
        self.short = len(unknown) <= _SHORT_ANSWER and not any(
            aliases.is_ordinary(self.words[i].text) for i in unknown
        )
        self._add_misspelt(unknown)
        self.short = self.short and not self._unknown()
        covered = sum(m.end - m.start for m in self.mentions)
        self.bare = self.short and (asked or len(self.words) - covered < _BARE)

    def only_levels(self, start: int, end: int) -> bool:
        """Tell whether nothing but level words stands between two mentions."""
        return all(word.level for word in self.words[start:end])

    def _unglue(self, found: Sequence[Word]) -> list[Word]:
        parted: list[Word] = []
        for word in found:
            rest = ""
            if not (word.level or self._index.exact(word.text) or self._aliases.is_ordinary(word.text)):
                prefix = next((p for p in self._aliases.glued if word.text.startswith(p)), "")
                rest = word.text[len(prefix) :] if prefix else ""
                known = self._index.is_wide(rest) or (
                    prefix in self._aliases.levels and self._index.exact(rest)
                )
                if len(rest) > 2 and known and not self._aliases.is_ordinary(rest):
                    parted.append(Word(prefix, self._aliases.levels.get(prefix), word.breaks))
                    parted.append(Word(rest, None, False))
                    continue
            parted.append(word)
        return parted

    def _address_words(self) -> set[int]:
        """Street names and numbers: the next word that is no filler, and numbers anywhere."""
        skipped = {i for i, word in enumerate(self.words) if word.level == "address"}
        for i in sorted(skipped):
            for j in range(i + 1, min(i + 3, len(self.words))):
                if self.words[j].level or self.words[j].breaks:
                    break
                skipped.add(j)
                if self.words[j].text not in self._aliases.chat:
                    break
        return skipped

    def _key(self, start: int, end: int) -> str:
        return "".join(word.text for word in self.words[start:end])

    def _free(self, start: int, end: int) -> bool:
        return not any(i in self._skipped or (i > start and self.words[i].breaks) for i in range(start, end))

    def _exact(self) -> list[Mention]:
        found: list[Mention] = []
        start = 0
        while start < len(self.words):
            ends = range(min(len(self.words), start + _LONGEST), start, -1)
            spans = [m for end in ends if (m := self._exact_span(start, end)) is not None]
            # the longest, unless the level asks for a shorter one ("kec Sagulung kota Batam")
            best = next((m for m in spans if not m.doubtful), spans[0] if spans else None)
            if best is None:
                start += 1
            else:
                found.append(best)
                start = best.end
        return found

    def _exact_span(self, start: int, end: int) -> Mention | None:
        name = self._key(start, end)
        areas = self._index.exact(name)
        if not areas or name.isdigit() or not self._free(start, end):
            return None
        span = self.words[start:end]
        level = self._level_before(start)
        if len(name) < 3 and level is None:
            return None
        if span[0].level:
            if len(span) == 1 or len(span[0].text) < _FULL_LEVEL_WORD:
                return None
            inner = self._index.exact(self._key(start + 1, end))
            if of_level(inner, "city") and span[0].level == "city":
                return None
            if span[0].level == "village":
                areas = (*areas, *(a for a in of_level(inner, "village") if a not in areas))
        fillers = [w.text in self._aliases.chat for w in span]
        if all(fillers) and (level is None or not self._ends_at(end)):
            return None
        if any(fillers) and len(span) > 1 and not self._written_so(areas, span):
            return None
        ordinary = all(w.level or self._aliases.is_ordinary(w.text) for w in span)
        return self._typed(
            Mention(
                start,
                end,
                areas,
                strong=not ordinary
                and (self._placed(start) or any(a.level in ("province", "regency") for a in areas)),
                ordinary=ordinary,
                foreign=all(w.text in self._aliases.foreign for w in span),
            ),
            level,
        )

    def _ends_at(self, end: int) -> bool:
        """Another part of the address follows: "desa Luar, kec. Alas"."""
        return end < len(self.words) and (self.words[end].breaks or self.words[end].level is not None)

    def _written_so(self, areas: Iterable[Area], span: Sequence[Word]) -> bool:
        """A name that swallows filler words must have the official word limits ("di wek" is not Diwek)."""
        wanted = [w.text for w in span]
        short = self._aliases.short
        return any(
            [short.get(w, w) for w in plain(bare_name(a)).replace(".", " ").split()] == wanted for a in areas
        )

    def _level_before(self, start: int) -> str | None:
        i = start - 1
        while i > 0 and self.words[i].text in self._aliases.between and not self.words[i + 1].breaks:
            i -= 1
        if i < 0 or self.words[i + 1].breaks or self.words[i].level == "address":
            return None
        return self.words[i].level

    def _placed(self, start: int) -> bool:
        return (
            start > 0 and not self.words[start].breaks and self.words[start - 1].text in self._aliases.before
        )

    def _typed(self, mention: Mention, level: str | None) -> Mention:
        """Apply the level word before a name, or "kota" / "kabupaten" after it ("cirebon kota")."""
        if level is None and self._level_after(mention.end):
            fitting = of_level(mention.areas, self.words[mention.end].level or "")
            return replace(mention, areas=fitting, typed=True) if fitting else mention
        if level is None:
            return mention
        if level == "hamlet":
            return replace(mention, hamlet=True, strong=False)
        fitting = of_level(mention.areas, level)
        if fitting:
            # "kec Makmur" and "desa Bumi Makmur" are places; "desa baru" may be a phrase
            named = level != "village" or mention.end - mention.start > 1 or not mention.ordinary
            return replace(mention, areas=fitting, typed=True, strong=named)
        if level == "district":
            halves = self._index.halves(self._key(mention.start, mention.end))
            if halves:
                return replace(mention, areas=halves, typed=True, strong=True)
        if level == "city":  # people call any town a kota
            return replace(mention, strong=not mention.ordinary)
        return replace(mention, typed=True, strong=not mention.ordinary, doubtful=True)

    def _level_after(self, end: int) -> bool:
        if end >= len(self.words) or self.words[end].level not in ("city", "regency"):
            return False
        if self.words[end].breaks:
            return False
        after = end + 1
        return (
            after == len(self.words)
            or self.words[after].breaks
            or self.words[after].level is not None
            or self._aliases.is_ordinary(self.words[after].text)
        )

    def _unknown(self) -> list[int]:
        """Words that neither name a place nor fill a chat."""
        covered = {i for m in self.mentions for i in range(m.start, m.end)} | self._skipped
        quiet = self._aliases.chat | self._aliases.before | self._aliases.between
        return [
            i
            for i, w in enumerate(self.words)
            if i not in covered and not w.level and w.text not in quiet and not w.text.isdigit()
        ]

    def _add_misspelt(self, unknown: Sequence[int]) -> None:
        searched = {i for i in unknown if not self._aliases.is_ordinary(self.words[i].text)}
        weak = {i for m in self.mentions if not m.typed for i in range(m.start, m.end)}
        anchors = [
            a
            for m in self.mentions
            if m.strong and not m.foreign
            for a in m.areas
            if a.level in ("regency", "district")
        ][:_SHORT_ANSWER]
        beside = {i for m in self.mentions if m.strong for i in (m.start - 1, m.end)}
        # a sure name may be the beginning of a longer one ("lombok timor"), never its end ("in surabaya")
        sure = {i for m in self.mentions if m.strong for i in range(m.start, m.end)}
        begins = {m.start for m in self.mentions}
        spans = [
            (start, end)
            for start in sorted(searched | weak)
            for end in range(start + 1, min(start + _LONGEST_MISSPELT, len(self.words)) + 1)
            if all(i in searched or i in weak for i in range(start, end))
            and any(i in searched for i in range(start, end))
            and self._free(start, end)
            and (start in begins or not sure & set(range(start, end)))
        ]
        hits: list[tuple[float, int, Mention]] = []
        for start, end in spans:
            near_anchor = any(i in beside for i in range(start, end))
            mention = self._misspelt(start, end, anchors, near_anchor)
            if mention is not None:
                hits.append((mention.edits / len(self._key(start, end)), start - end, mention))
        taken: set[int] = set()
        for _, _, mention in sorted(hits, key=lambda hit: hit[:2]):
            span_words = set(range(mention.start, mention.end))
            if not taken & span_words:
                taken |= span_words
                self.mentions = [m for m in self.mentions if not span_words & set(range(m.start, m.end))] + [
                    mention
                ]
        self.mentions.sort(key=lambda m: m.start)

    def _misspelt(self, start: int, end: int, anchors: Sequence[Area], near_anchor: bool) -> Mention | None:
        name = self._key(start, end)
        level = self._level_before(start)
        placed = self._placed(start)
        if not (level or placed or near_anchor or self.short):
            return None
        best: tuple[int, tuple[Area, ...]] | None = None
        inner = [pair for a in anchors for pair in self._index.near_within(name, a)]
        if inner:
            edits = min(pair[0] for pair in inner)
            best = edits, tuple(dict.fromkeys(a for distance, a in inner if distance == edits))
        elif level or self.short or placed:
            any_level = level or (self.short and (self._asked or len(name) >= _DISTINCT))
            everywhere = self._index.near(name, upper_only=not any_level)
            sure = self._asked or len(name) >= (_DISTINCT if any_level else _UPPER_DISTINCT)
            few = bool(everywhere) and everywhere[0][0] <= (1 if len(name) < _VERY_DISTINCT else 2)
            if everywhere and (level or self._asked or (sure and few)):
                edits = everywhere[0][0]
                names = [other for distance, other in everywhere if distance == edits]
                best = edits, tuple(dict.fromkeys(a for other in names for a in self._index.exact(other)))
        if best is None:
            halves = self._index.halves(name)
            if not halves:
                return None
            best = 0, halves
        mention = Mention(start, end, best[1], edits=best[0], strong=True)
        return self._typed(mention, level)
