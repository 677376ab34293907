"""The speller: chat spelling to the words that were meant. Pure Python, no Rasa; deterministic.

Steps for a word, the first that fits: known; slang; number with unit; "2" for doubling; digits for letters;
stretched letters; "x" and other endings; "di"/"ke" written together; dropped vowels; slips of the finger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlu.components.lexicon import Lexicon
from nlu.components.nearness import VOWELS, NearWords, most_common, skeleton

_TOKEN = re.compile(r"\[[^\]\s]{1,40}\]|https?://\S+|www\.\S+|\S+@\S+|[^\W_]+")
_OPAQUE = re.compile(r"\[|https?://|www\.|\S+@")
_UNIT = re.compile(r"(\d+)([a-z]{1,7})")
_DOUBLED = re.compile(r"([a-z]{3,})(?:2|²)(x|nya|an|ku|mu|in|kan|lah)?")
_RUN = re.compile(r"([a-z])\1{2,}")
_PAIR = re.compile(r"([a-z])\1+")
_LETTERS = re.compile(r"[a-z]+")
_OPENING = re.compile(r"[^aeiou]*(?=[aeiou])")
_ONE_SOUND = re.compile(r"ng|ny|sy|kh|th|sh|ch|gh|dh|ph|ck")
# four consonants in a row, or three at the end, or two that end no word
_ODD = re.compile(
    r"[^aeiouy]{4,}|[^aeiou]{3,}$|[^aeiouywnkrslhmtdx][^aeiouylrhws]$|[kmth][bcdfgjpqvz]$|[bcdfgjkpqtv][rl]$|lp$"
)
_SURE_ENDINGS = frozenset(("x", "nx", "nya", "ny"))
_MAX_WORD = 30
_CACHE = 20_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words learnt: `counts` in what people wrote and in clean text, `clean` those of clean text."""

    counts: Mapping[str, int]
    clean: frozenset[str]

    @classmethod
    def learn(cls, sentences: Iterable[str], clean_texts: Iterable[str] = ()) -> Vocabulary:
        """Count the words of people's `sentences` and of written `clean_texts`."""
        clean = [w for text in clean_texts for w in _LETTERS.findall(text.lower())]
        # words with digits are left out: NIK, prices
        written = [w for text in sentences for w in re.findall(r"[^\W_]+", text.lower()) if w.isascii()]
        words = (w for w in [*written, *clean] if w.isalpha() and len(w) <= _MAX_WORD)
        return cls(most_common(words), frozenset(clean))


class Speller:
    """Mends text with a lexicon and a learnt vocabulary."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary, names: Iterable[str] = ()) -> None:
        """`names`: places and the like, never mended."""
        self._lexicon = lexicon
        self._names = {w for name in names for w in re.findall(r"[^\W_]+", name.lower())}
        self._fixed = (lexicon.protected | self._names) - lexicon.slang.keys()
        counts = {
            w: n
            for w, n in vocabulary.counts.items()
            if w not in lexicon.slang and (w not in lexicon.context or w in vocabulary.clean)
        }
        for word in lexicon.targets:
            counts[word] = max(counts.get(word, 0), 3)
        # clean text and the lexicon's meanings are trusted; of the rest, what several people wrote
        meant = {m for m in lexicon.slang.values() if m.isalpha()}
        for spelling, meaning in lexicon.slang.items():
            if meaning in meant:
                counts[meaning] = counts.get(meaning, 1) + vocabulary.counts.get(spelling, 0)
        trusted = {w for w in counts if w in self._fixed or w in vocabulary.clean or w in meant}
        common = {w for w, n in counts.items() if w not in trusted and n >= 2 and self._is_sayable(w)}
        sure = NearWords({w: n for w, n in counts.items() if w in trusted or (w in common and n >= 4)})
        shortened = {w for w in common if self._is_shadow(w, counts, sure)}
        self._known = trusted | (common - shortened) | self._fixed
        self._near = NearWords(
            {w: n for w, n in counts.items() if w in self._known and len(w) >= 3 and (n >= 3 or w in trusted)}
        )
        self._cache: dict[str, str] = {}

    def _is_shadow(self, word: str, counts: Mapping[str, int], sure: NearWords) -> bool:
        """A rare word that a far more common one explains as shortened, or as -nya written with x."""
        if word.endswith("x") and (word[:-1] in counts or word[:-1] in self._lexicon.slang):
            return True
        if counts[word] >= 12 or len(word) < 4:
            return False
        other = sure.by_consonants(word, 1)
        if other is None or other.startswith(word):
            return False
        return counts[other] >= max(10, 5 * counts[word])

    def _is_sayable(self, word: str) -> bool:
        """Whether it can be a word: it has a vowel and opens as words do."""
        opening = _OPENING.match(word)
        if opening is None or (opening.group() and opening.group() not in self._lexicon.openings):
            return False
        return not _ODD.search(_ONE_SOUND.sub("w", word))

    def normalise(self, text: str) -> str:
        """The text in lower case with its words mended; all that is not a word stays. Linear in its length."""
        text = text.lower()
        for _ in range(3):
            mended = self._once(text)
            if mended == text:
                break
            text = mended
        return text

    def _once(self, text: str) -> str:
        found = list(_TOKEN.finditer(text))
        words = [m.group() if _OPAQUE.match(m.group()) else self.word(m.group()) for m in found]
        out: list[str] = []
        end = 0
        for i, match in enumerate(found):
            word = words[i]
            if rules := self._lexicon.context.get(word):
                previous = _beside(words[i - 1], -1) if i else ""
                following = _beside(words[i + 1], 0) if i + 1 < len(words) else ""
                word = next((r.means for r in rules if r.holds(previous, following)), word)
                words[i] = word
            out += [text[end : match.start()], word]
            end = match.end()
        return "".join([*out, text[end:]])

    def word(self, token: str) -> str:
        """One word mended, without its context; several words where it stands for several."""
        known = self._cache.get(token)
        if known is None:
            known = self._mend(token)
            if len(self._cache) < _CACHE:
                self._cache[token] = known
        return known

    def _mend(self, token: str) -> str:
        if len(token) > 2 * _MAX_WORD or not token.isascii() or token.isdigit():
            return token
        if token in self._lexicon.context or self._plain(token) is not None:
            return self._plain(token) or token
        if not token.isalpha():
            return self._with_digits(token) or token
        calm = _RUN.sub(r"\1", token)
        for form in (calm, _RUN.sub(r"\1\1", token)):
            if form != token and (plain := self._plain(form)) is not None:
                return plain
        if len(calm) > _MAX_WORD:
            return calm
        if (joined := self._joined(calm)) is not None:
            return joined
        single = _PAIR.sub(r"\1", calm)
        if single != calm and (plain := self._plain(single)) is not None:
            # "layann" is rather layanan than layan
            return self._near.by_consonants(calm, 1) or plain
        if calm.endswith("s") and calm[:-1] in self._known:
            return calm
        return self._ending(calm) or self._meant(calm) or calm

    def _plain(self, token: str) -> str | None:
        """What a word is that needs no guessing."""
        if token in self._lexicon.slang:
            return self._lexicon.slang[token]
        return token if token in self._known else None

    def _meant(self, token: str) -> str | None:
        """The known word that an unknown one stands for, by guessing."""
        if len(token) < 3:
            return None
        if self._is_sayable(token):
            return self._meant_sayable(token)
        if (word := self._near.by_consonants(token, len(token))) is not None:
            return word
        # "dbyr", "dtahan": di- with its vowel dropped
        if len(token) >= 4 and token[0] == "d" and token[1] not in VOWELS:
            stem = self._plain(token[1:]) or self._near.by_consonants(token[1:], len(token))
            stem = stem or self._ending(token[1:])
            if stem is not None and stem.isalpha():
                return "di" + stem
        return self._near.by_slips(token)

    def _meant_sayable(self, token: str) -> str | None:
        """The same for what could well be a word that nobody has used yet: only what is hardly in doubt."""
        word = self._near.by_consonants(token, 1)
        # "brat", "kluar": the vowel after the first letter is the one that is dropped
        if word is not None and len(token) >= 4 and word[0] + word[2:] == token:
            return word
        if word is not None and len(skeleton(token)) >= 4 and not word.startswith(token):
            return word
        # "layann": an n too many stands for a vowel left out
        return self._near.by_safe_slip(token)

    def _with_digits(self, token: str) -> str | None:
        if match := _UNIT.fullmatch(token):
            unit = self._lexicon.units.get(match.group(2))
            return f"{match.group(1)} {unit}" if unit else None
        if match := _DOUBLED.fullmatch(token):
            stem = self._plain(match.group(1)) or self._ending(match.group(1)) or self._meant(match.group(1))
            stem = stem or match.group(1)
            ending = match.group(2) or ""
            return f"{stem}-{stem.split()[-1]}{self._lexicon.clitics.get(ending, ending)}"
        if len(token) < 4:
            return None
        letters = "".join(self._lexicon.digits.get(c, c) for c in token)
        if letters.isalpha() and sum(c.isdigit() for c in token) * 2 <= len(token):
            return self._plain(letters) or self._ending(letters) or self._meant(letters)
        return None

    def _ending(self, token: str) -> str | None:
        """Mended before an ending: syratx -> syaratnya."""
        if len(token) < 4:
            return None
        guesses: list[tuple[str, str]] = []
        for ending, meant in self._lexicon.clitics.items():
            stem = token[: -len(ending)]
            if not token.endswith(ending) or len(stem) < 2:
                continue
            plain = self._plain(stem)
            if plain is not None and (len(stem) >= 3 or len(ending) != 2):
                return plain + meant
            if ending in _SURE_ENDINGS and len(stem) >= 3:
                guesses.append((stem, meant))
        for stem, meant in guesses:
            if (word := self._meant(stem)) is not None:
                return word + meant
        return None

    def _joined(self, token: str) -> str | None:
        """Split from di and ke, only before places: ditaiwan -> di taiwan."""
        for prefix, meant in self._lexicon.joined.items():
            rest = token[len(prefix) :]
            if not token.startswith(prefix) or len(rest) < 2 or (len(prefix) == 1 and rest[0] in VOWELS):
                continue
            place = self._plain(rest)
            if place is None and len(rest) >= 5 and not self._is_sayable(token):
                place = self._meant(rest)
            if place in self._lexicon.places or (len(rest) >= 6 and rest in self._names):
                return f"{meant} {place or rest}"
        return None


def _beside(words: str, position: int) -> str:
    word = words.split()[position]
    return "#" if word.isdigit() else word
