"""The signs that an offer is searched for: `content/offer_signs.yml`, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import plain_yaml
from core.countries import countries
from core.offer_text import Lexicon
from core.replies import Source
from core.settings import ROOT

SIGNS = ROOT / "content" / "offer_signs.yml"

_WORD = re.compile(r"(?<![\\{])[a-z][a-z0-9']*(?!\})")
_WORDS = re.compile(r"[a-z0-9'{}]+")
_GAPS = {
    "..": r"(?:(?![|,] )\S+ ){0,3}",
    "...": r"(?:(?![|,] )\S+ ){0,6}",
    "~": r"(?:(?![|,\d] ?)\S+ ){0,2}",
    "=": r"(?:(?:perlu|ada|pakai|punya|wajib|minta|diminta|lewat|any|the|syarat|repot|ribet|mesti|urus|papers|dengan|bisa) ){0,3}",
}


class OfferSignError(ValueError):
    """content/offer_signs.yml is not as it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign: what it is called, what it means, where that was read, and how it is written.

    `with_` must stand somewhere in the offer, too. `own_negation`: its patterns hold their own "without".
    """

    id: str
    name: str
    explanation: str
    source: Source
    patterns: re.Pattern[str] | None
    with_: re.Pattern[str] | None
    own_negation: bool
    reader: str


@dataclass(frozen=True, slots=True)
class Order:
    """A sign of order: what it is called and how it is written."""

    id: str
    name: str
    patterns: re.Pattern[str]
    own_negation: bool


@dataclass(frozen=True, slots=True)
class Pay:
    """Reference wages: country to (wage a month, currency); rough rupiah of a unit of each currency."""

    factor: float
    jobs: re.Pattern[str]
    reference: Mapping[str, tuple[float, str]]
    idr: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class OfferSigns:
    """Everything an offer is read with."""

    lexicon: Lexicon
    signs: tuple[Sign, ...]
    order: tuple[Order, ...]
    pay: Pay
    negators: frozenset[str]
    links: frozenset[str]
    warners: re.Pattern[str]
    refusers: re.Pattern[str]
    warned: Mapping[str, tuple[str, ...]]
    """By sign: the countries (ISO codes) that it warns of."""
    checked: str


class _Compiler:
    """Patterns as the file writes them, as regular expressions over a text's line of tokens."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.lexicon = Lexicon(raw["words"])
        self._sets = {name: [str(word) for word in words] for name, words in raw["sets"].items()}
        for name, codes in raw["countries"].items():
            found = [countries().get(code) for code in codes]
            if None in found:
                raise OfferSignError(f"countries {name}: a code is not in content/countries.yml")
            self._sets[name] = [way.lower() for c in found if c for way in (c.name, *c.names) if len(way) > 2]

    def words(self, words: list[str]) -> frozenset[str]:
        """Words as a text's are read."""
        self.lexicon.learn(words)
        return frozenset(map(self.lexicon.canon, words))

    def either(self, patterns: list[str], *, anchored: bool = True) -> re.Pattern[str]:
        """Any of the patterns, at word borders."""
        whole = "|".join(self._one(pattern) for pattern in patterns)
        return re.compile(rf"(?<= )(?:{whole})" if anchored else rf"(?:{whole})")

    def _one(self, pattern: str) -> str:
        return "".join(_GAPS.get(part) or f"(?:{self._part(part)}) " for part in _split(pattern))

    def _part(self, part: str) -> str:
        def named(match: re.Match[str]) -> str:
            if match[1] not in self._sets:
                raise OfferSignError(f"no set is called {match[1]}")
            ways = sorted(self._sets[match[1]], key=len, reverse=True)
            return "(?:" + "|".join(self._plain(way) for way in ways) + ")"

        plain = "".join(
            piece if piece.startswith("{") else self._plain(piece) for piece in re.split(r"(\{\w+\})", part)
        )
        return re.sub(r"\{(\w+)\}", named, plain)

    def _plain(self, text: str) -> str:
        """Words in a pattern as a text's words are read; other marks stay."""

        def known(match: re.Match[str]) -> str:
            self.lexicon.learn([match[0]])
            return self.lexicon.canon(match[0])

        return _WORD.sub(known, text)


def _split(pattern: str) -> list[str]:
    """The parts of a pattern: at spaces outside of brackets."""
    return re.findall(r"(?:\([^)]*\)|\S)+", pattern)


def read_signs(path: Path) -> OfferSigns:
    """Read the file.

    Raises:
        OfferSignError: A field is missing, an id stands twice, or a pattern cannot be read.
    """
    raw = plain_yaml.load(path.read_text("utf-8"))
    try:
        build = _Compiler(raw)
        signs = tuple(_sign(build, entry) for entry in raw["signs"])
        order = tuple(
            Order(e["id"], e["name"], build.either(e["patterns"]), bool(e.get("own_negation")))
            for e in raw["order"]
        )
        pay = raw["pay"]
        reference = {code: (float(e["wage"]), str(e["currency"])) for code, e in pay["reference"].items()}
        read = OfferSigns(
            build.lexicon,
            signs,
            order,
            Pay(float(pay["factor"]), build.either(pay["jobs"]), reference, pay["idr"]),
            build.words(raw["negators"]),
            build.words(raw["links"]),
            build.either(raw["warners"]),
            build.either(raw["refusers"], anchored=False),
            {name: tuple(codes) for name, codes in raw["warned"].items()},
            str(raw["checked"]),
        )
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise OfferSignError(f"{path.name}: {error!r}") from error
    ids = [sign.id for sign in signs] + [entry.id for entry in order]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise OfferSignError(f"{path.name}: {', '.join(sorted(twice))} stands twice")
    return read


def _sign(build: _Compiler, entry: Mapping[str, Any]) -> Sign:
    source = entry["source"]
    if ("patterns" in entry) == ("reader" in entry):
        raise OfferSignError(f"{entry['id']}: either patterns or a reader")
    return Sign(
        entry["id"],
        entry["name"],
        entry["explanation"],
        Source(source["title"], source["publisher"], source["url"], source["date"]),
        build.either(entry["patterns"]) if "patterns" in entry else None,
        build.either(entry["with"]) if "with" in entry else None,
        bool(entry.get("own_negation")),
        str(entry.get("reader", "")),
    )


@lru_cache(maxsize=1)
def offer_signs() -> OfferSigns:
    """The product's signs, read once."""
    return read_signs(SIGNS)
