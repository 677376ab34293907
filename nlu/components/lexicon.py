"""The speller's lexicon: what `nlu/lexicon/*.yml` say, checked. No Rasa here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "lexicon"


@dataclass(frozen=True, slots=True)
class Rule:
    """One meaning of a spelling with several, and the words beside it that show it."""

    means: str
    after: frozenset[str]
    before: frozenset[str]
    not_after: frozenset[str]
    not_before: frozenset[str]

    def holds(self, previous: str, following: str) -> bool:
        """Whether the words beside (mended; "#" for a number, "" for none) show this meaning."""
        if previous in self.not_after or following in self.not_before:
            return False
        if not self.after and not self.before:
            return True
        return previous in self.after or following in self.before


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that the speller knows beforehand; spellings and words are in lower case.

    `targets` are words that may be meant though the learnt text has them not.
    """

    slang: Mapping[str, str]
    context: Mapping[str, tuple[Rule, ...]]
    protected: frozenset[str]
    digits: Mapping[str, str]
    clitics: Mapping[str, str]
    units: Mapping[str, str]
    joined: Mapping[str, str]
    places: frozenset[str]
    openings: frozenset[str]
    targets: frozenset[str]

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Lexicon:
        """Read the folder's files.

        Raises:
            ValueError: a spelling stands twice, is protected too, or is not text (an unquoted `no`).
        """
        slang_file, acronyms, rules = (_load(folder / f"{n}.yml") for n in ("slang", "acronyms", "rules"))
        context_file = _load(folder / "context.yml")["context"]
        groups = _load(folder / "protected.yml")
        protected = {word for group in groups.values() for word in group}
        protected.update(acronyms["keep"])
        slang: dict[str, str] = {}
        twice: list[str] = []
        for meaning, spellings in [*slang_file["slang"].items(), *acronyms["expand"].items()]:
            for spelling in spellings:
                if spelling in slang or spelling in context_file:
                    twice.append(spelling)
                slang[spelling] = meaning
            protected.update(meaning.replace("-", " ").split())
        if twice:
            raise ValueError(f"These spellings stand twice in the lexicon: {twice}")
        if odd := [word for word in [*slang, *protected, *context_file] if not isinstance(word, str)]:
            raise ValueError(f"Quote these words of the lexicon: {odd}")
        if both := sorted(protected & slang.keys()):
            raise ValueError(f"These words are spellings and meanings at once: {both}")
        spelt = rules["clitic_spellings"]
        return cls(
            slang=slang,
            context={word: tuple(_rule(r) for r in found) for word, found in context_file.items()},
            protected=frozenset(protected - context_file.keys()),
            digits=rules["digits"],
            clitics={ending: spelt.get(ending, ending) for ending in [*rules["clitics"], *spelt]},
            units=rules["units"],
            joined=rules["joined"],
            places=frozenset(rules["places"]),
            openings=frozenset(rules["openings"]),
            targets=frozenset(w for w in groups["indonesian"] if len(w) >= 4) - context_file.keys(),
        )


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def _rule(raw: Mapping[str, Any]) -> Rule:
    sides = (frozenset(map(str, raw.get(key, ()))) for key in ("after", "before", "not_after", "not_before"))
    return Rule(str(raw["means"]), *sides)
