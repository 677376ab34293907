"""Reads an offer as words that patterns know, each with its place in the text, and the amounts of money in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from core.digits import fold

BREAK, COMMA, MONEY = "|", ",", "UANG"
"""Tokens for the end of a sentence, a comma, and any amount of money."""

_CURRENCIES: Mapping[str, str] = {
    "rp": "IDR", "idr": "IDR", "rupiah": "IDR", "perak": "IDR",
    "rm": "MYR", "myr": "MYR", "ringgit": "MYR", "ringit": "MYR",
    "nt$": "TWD", "nt": "TWD", "ntd": "TWD", "twd": "TWD",
    "hk$": "HKD", "hkd": "HKD", "krw": "KRW", "won": "KRW", "bnd": "BND", "b$": "BND", "sgd": "SGD", "s$": "SGD",
    "usd": "USD", "us$": "USD", "$": "USD", "dolar": "USD", "dollar": "USD", "sar": "SAR", "riyal": "SAR", "real": "SAR",
    "aed": "AED", "dirham": "AED", "jpy": "JPY", "yen": "JPY", "qar": "QAR", "kwd": "KWD", "dinar": "KWD",
}  # fmt: skip
_SCALES: Mapping[str, float] = {
    "juta": 1e6, "jt": 1e6, "jta": 1e6, "jeti": 1e6, "yuta": 1e6, "million": 1e6,
    "ribu": 1e3, "rb": 1e3, "rebu": 1e3, "ewu": 1e3, "k": 1e3,
}  # fmt: skip


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_TOKEN = re.compile(
    rf"(?P<money>(?<![a-z0-9])(?:(?P<before>{_either(_CURRENCIES)})\s?\.?\s?)?(?P<number>\d{{1,12}}(?:[.,]\d{{1,9}}){{0,4}})"
    rf"(?:\s?(?P<scale>{_either(_SCALES)})(?![a-z0-9]))?(?:\s?(?P<after>{_either(_CURRENCIES)})(?![a-z0-9]))?)"
    r"|(?P<mask>\[[a-z]{2,10}\])|(?P<sign>a\.\s?n\b\.?)|(?P<word>[a-z0-9]+(?:['’][a-z]+)?)|(?P<comma>,)|(?P<stop>[.!?;:•|\n])"
)
_ENDINGS = ("nya", "ny", "ne", "na", "e", "kan", "in", "ke", "keun", "an")
_BEGINNINGS = (
    ("meny", "s"),
    ("meng", ""),
    ("mem", ""),
    ("mem", "p"),
    ("men", ""),
    ("men", "t"),
    ("me", ""),
    ("di", ""),
    ("ber", ""),
    ("ny", "s"),
    ("ng", ""),
    ("n", ""),
    ("n", "t"),
    ("tak", ""),
)
_LONG = 7
"""Letters from which a word is known with one letter missing, doubled or swapped; shorter ones are too often others."""
MAX_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Token:
    """A word as patterns know it, where it stands in the text, and, for an amount, its value and currency."""

    word: str
    start: int
    end: int
    amount: float = 0.0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class OfferText:
    """A text and its tokens; `line` is the tokens' words with a space around each, `starts` where each begins in it."""

    text: str
    tokens: tuple[Token, ...]
    line: str
    starts: tuple[int, ...]


class Lexicon:
    """What words are read as."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        """Set up; `words` maps a word to the ways it is written."""
        self._known = {str(way).lower(): word for word, ways in words.items() for way in ways}
        self._known |= {word: word for word in words}
        self._mended: dict[str, str] = {}

    def learn(self, words: Iterable[str]) -> None:
        """Words of patterns: they are mended and freed of endings, too."""
        for word in words:
            self._known.setdefault(word, word)

    def canon(self, word: str) -> str:
        """The word as patterns know it."""
        known = self._known.get(word)
        if known is not None:
            return known
        return next((self._known[base] for base in _bases(word) if base in self._known), None) or self._mend(
            word
        )

    def _mend(self, word: str) -> str:
        if not _LONG - 1 <= len(word) <= 20 or not word.isalpha():
            return word
        if word not in self._mended:
            if len(self._mended) > 20_000:
                self._mended.clear()
            near = (known for known in self._known if len(known) >= _LONG and _slip(word, known))
            self._mended[word] = self._known.get(next(near, word), word)
        return self._mended[word]


def _bases(word: str) -> Iterator[str]:
    """What the word may be without its endings and beginnings ("menyetorkan": "setor"), nearest first."""
    ends = [word, *(word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending))]
    for end in ends:
        if len(end) >= 3:
            yield end
    for end in ends:
        for beginning, sound in _BEGINNINGS:
            base = sound + end.removeprefix(beginning)
            if end.startswith(beginning) and len(base) >= 4:
                yield base


def _slip(word: str, known: str) -> bool:
    """Whether one letter is missing, too many or swapped; another letter in its place makes too many real words."""
    if word[0] != known[0] or abs(len(word) - len(known)) > 1:
        return False
    return (len(word) != len(known) or sorted(word) == sorted(known)) and OSA.distance(
        word, known, score_cutoff=1
    ) == 1


def _value(number: str, scale: str | None) -> float:
    """The number that "2.500.000", "29.500", or "7,5" with the scale "jt" means."""
    parts = re.split(r"[.,]", number)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and not (scale and len(parts) == 2):
        return float("".join(parts)) * _SCALES.get(scale or "", 1.0)
    whole, rest = "".join(parts[:-1]), parts[-1]
    return float(f"{whole}.{rest}" if whole else rest) * _SCALES.get(scale or "", 1.0)


def read_offer(text: str, lexicon: Lexicon) -> OfferText:
    """A text as tokens; at most 20,000 characters are read."""
    folded, index = fold(text[:MAX_CHARS])
    # a line break ends a sentence, and folding makes it a space
    folded = "".join("\n" if text[at] in "\r\n" else char for char, at in zip(folded, index, strict=True))
    tokens: list[Token] = []
    for match in _TOKEN.finditer(folded):
        start, end = index[match.start()], index[match.end() - 1] + 1
        amount, currency = 0.0, ""
        if number := match["number"]:
            scale, unit = match["scale"], match["before"] or match["after"]
            amount, currency = _value(number, scale), _CURRENCIES.get(unit or "", "IDR" if scale else "")
            word = MONEY if unit or scale else number
        elif match["mask"]:
            word = match["mask"]
        elif match["sign"]:
            word = "an"
        elif match["word"]:
            word = lexicon.canon(match["word"])
        else:
            word = COMMA if match["comma"] else BREAK
        tokens.append(Token(word, start, end, amount, currency))
    starts: list[int] = []
    at = 1
    for token in tokens:
        starts.append(at)
        at += len(token.word) + 1
    return OfferText(text, tuple(tokens), " " + "".join(f"{token.word} " for token in tokens), tuple(starts))
