"""Countries of destination: the closed list, and which of them a text names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import plain_yaml
from core.wording import squeeze

ROOT = Path(__file__).resolve().parent.parent
COUNTRIES = ROOT / "content" / "countries.yml"

_SLIP_LETTERS = 7  # a shorter name with a letter wrong is too often another word
_MAX_WORDS = 4_000
_ENDINGS = ("nya", "e", "an")


class CountryError(ValueError):
    """content/countries.yml is not as it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class Country:
    """A destination: ISO 3166-1 code, Indonesian name, the ways people write it, and the topic that is about it."""

    id: str
    name: str
    names: tuple[str, ...]
    guide: str | None = None


def _words(text: str) -> list[str]:
    plain = "".join(c if c.isalnum() else " " for c in text.lower())
    return [squeeze(word) for word in plain.split(maxsplit=_MAX_WORDS)[:_MAX_WORDS]]


def _slips(word: str) -> Iterator[str]:
    """The word with one letter left out, never the first."""
    return (word[:i] + word[i + 1 :] for i in range(1, len(word)))


class Countries:
    """Finds countries in texts."""

    def __init__(self, countries: dict[str, Country]) -> None:
        self._countries = countries
        self._by_name: dict[tuple[str, ...], str] = {}
        self._near: dict[str, str] = {}
        for country in countries.values():
            for name in (country.name, *country.names):
                key = tuple(_words(name))
                owner = self._by_name.setdefault(key, country.id)
                if owner != country.id:
                    raise CountryError(f"{name!r} stands for {owner} and {country.id}")
        for key, code in self._by_name.items():
            if len(key) == 1 and len(key[0]) >= _SLIP_LETTERS:
                for form in (key[0], *_slips(key[0])):
                    self._near.setdefault(form, code)
        self._longest = max(map(len, self._by_name))

    def __contains__(self, code: str) -> bool:
        return code in self._countries

    def __iter__(self) -> Iterator[Country]:
        return iter(self._countries.values())

    def get(self, code: str) -> Country | None:
        """The country with this ISO code."""
        return self._countries.get(code)

    def find(self, text: str) -> str | None:
        """The ISO code of the first country that a text names, or None."""
        words = _words(text)
        for i in range(len(words)):
            for size in range(self._longest, 0, -1):
                code = self._by_name.get(tuple(words[i : i + size]))
                if code and i + size <= len(words):
                    return code
            code = self._nearly(words[i])
            if code:
                return code
        return None

    def _nearly(self, word: str) -> str | None:
        for ending in _ENDINGS:
            if word.endswith(ending) and (code := self._by_name.get((word[: -len(ending)],))):
                # "hongkonge", "arabnya"; a two-letter code takes no ending
                return code if len(word) - len(ending) >= 4 else None
        if not _SLIP_LETTERS - 1 <= len(word) <= 20:
            return None
        near = [self._near[form] for form in (word, *_slips(word)) if form in self._near]
        return near[0] if near else None


def read_countries(path: Path) -> Countries:
    """Reads the list.

    Raises:
        CountryError: A field is missing, or a code or a name stands twice.
    """
    raw: dict[str, Any] = plain_yaml.load(path.read_text(encoding="utf-8"))
    countries: dict[str, Country] = {}
    for entry in raw["countries"]:
        try:
            # YAML reads a bare NO (Norway) as false: codes are checked to be text
            country = Country(entry["id"], entry["name"], tuple(map(str, entry["names"])), entry.get("guide"))
        except (KeyError, TypeError) as error:
            raise CountryError(f"{path.name}: {entry!r}: {error!r}") from error
        if not (isinstance(country.id, str) and len(country.id) == 2 and country.id.isupper()):
            raise CountryError(f"{path.name}: {country.id!r} is no country code")
        if country.id in countries:
            raise CountryError(f"{path.name}: {country.id} stands twice")
        countries[country.id] = country
    return Countries(countries)


@lru_cache(maxsize=1)
def countries() -> Countries:
    """The product's list, read once."""
    return read_countries(COUNTRIES)


def find_country(text: str) -> str | None:
    """The ISO code of the first destination country that a text names, or None."""
    return countries().find(text)
