"""The emergency guard: finds a person in danger in a message, before anything else runs.

Written rules and a small trained model (`core.danger_model`) decide together; without the model's file the rules
decide alone. It needs neither the NLU nor the database. Rules and thresholds stand in `content/guard.yml`.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from core.danger_model import DangerModel
from core.wording import Reader

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "content" / "guard.yml"
MODELS = ROOT / "models"

_GAPS = {".": 1, "..": 3, "...": 7}
_EXIT_CHARS = 80  # the quick exit is a short order, not a sentence in a story


class GuardError(ValueError):
    """content/guard.yml is not as it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger found: its topic (`help/...`) and the words that told, normalised and free of numbers.

    No words where the model alone found it.
    """

    topic: str
    matched: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    parts: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]  # how many other words may stand before part i

    def follow(self, tokens: list[str], start: int) -> tuple[int, ...] | None:
        """The positions of the phrase's words if it begins at `start`; parts and gaps are few: bounded work."""
        paths: dict[int, tuple[int, ...]] = {start: (start,)}
        for part, gap in zip(self.parts[1:], self.gaps[1:], strict=True):
            step: dict[int, tuple[int, ...]] = {}
            for last, path in paths.items():
                for j in range(last + 1, min(last + 2 + gap, len(tokens))):
                    if tokens[j] in part:
                        step.setdefault(j, (*path, j))
            if not step:
                return None
            paths = step
        return paths[min(paths)]


class _Index:
    """Phrases by the words they can begin with."""

    __slots__ = ("_by_first",)

    def __init__(self, phrases: Iterable[_Phrase]) -> None:
        self._by_first: dict[str, list[_Phrase]] = {}
        for phrase in phrases:
            for word in phrase.parts[0]:
                self._by_first.setdefault(word, []).append(phrase)

    def find(self, tokens: list[str]) -> Iterator[tuple[int, ...]]:
        """Yields, for each phrase that occurs, the positions of its words."""
        for i, token in enumerate(tokens):
            for phrase in self._by_first.get(token, ()):
                places = phrase.follow(tokens, i)
                if places:
                    yield places


class Guard:
    """Checks messages against the rules. One guard serves all chats; it holds no state of any of them."""

    def __init__(self, rules: Mapping[str, Any], model: DangerModel | None = None) -> None:
        self._model = model
        self._sure_danger = float(rules["model"]["sure_danger"])
        self._reader = Reader(rules["synonyms"], rules["safe"])
        self._lists = {name: self._list(entry) for name, entry in rules["words"].items()}
        self._negators = self._reader.canon(rules["negators"])
        self._fillers = self._reader.canon(rules["fillers"])
        self._danger = {t: self._index(entry["phrases"]) for t, entry in rules["topics"].items()}
        self._unless = {t: self._index(entry["unless"]) for t, entry in rules["topics"].items()}
        self._general = self._index(rules["general"])
        self._persons = self._lists["me"] | self._lists["kin"]
        self._now = self._lists["now"]
        self._exit_fillers = self._reader.canon(rules["quick_exit_fillers"])
        for phrase in rules["quick_exit"]:
            self._reader.canon(phrase.split())
        self._reader.learn()
        self._exits = {tuple(self._reader.read(phrase)) for phrase in rules["quick_exit"]}

    @classmethod
    def from_file(cls, path: Path, model: DangerModel | None = None) -> "Guard":
        """Reads the rules; `model` is their second half, None lets them decide alone.

        Raises:
            GuardError: The file lacks a section, a phrase names an unknown list, or is empty.
        """
        try:
            # every scalar is a word: "no" and "on" must not turn into truth values
            return cls(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader), model)  # noqa: S506
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise GuardError(f"{path.name}: {error!r}") from error

    @property
    def topics(self) -> tuple[str, ...]:
        """The danger topics, in the order in which they are tried."""
        return tuple(self._danger)

    @property
    def reader(self) -> Reader:
        """How the rules read words."""
        return self._reader

    def meanings(self) -> dict[str, list[str]]:
        """Each word of a rule's list to the lists' names, the negators' among them: what the model learns from."""
        lists = {**self._lists, "not": self._negators}
        found: dict[str, list[str]] = {}
        for name in sorted(lists):
            for word in sorted(lists[name]):
                names = found.setdefault(word, [])
                # active or passive, weak or strong: to the model a blow is a blow
                if (plain := "hit" if name.startswith("hit_") else name) not in names:
                    names.append(plain)
        return found

    @property
    def model(self) -> DangerModel | None:
        """The trained half."""
        return self._model

    def check(self, text: str) -> Danger | None:
        """The danger that a message tells of, or None. Takes any string; work grows with its length only.

        What the rules find weighs much in the model's judgement; a failure of the model leaves the rules alone.
        """
        found, doubted = self.check_rules(text)
        if self._model is None or not text.strip():
            return found
        try:
            topic, danger = self._model.score(text, found is not None, doubted)
        except Exception as error:
            logger.error("the danger model failed (%s): the rules decide alone", type(error).__name__)
            return found
        return (found or Danger(topic, "")) if danger >= self._sure_danger else None

    def check_rules(self, text: str) -> tuple[Danger | None, bool]:
        """The first danger that the rules alone find, and whether they saw one that they do not believe."""
        doubted = False
        tokens = self._reader.read(text)
        general: bool | None = None
        for topic, index in self._danger.items():
            blocked: set[int] | None = None
            for places in index.find(tokens):
                doubted = True
                if self._denied(tokens, places):
                    continue
                if blocked is None:
                    lookalikes = self._unless[topic].find(tokens)
                    blocked = {p for found in lookalikes for p in range(found[0], found[-1] + 1)}
                if blocked.intersection(places):
                    continue
                if general is None:
                    general = self._is_general(tokens)
                if general and topic != "help/self_harm":  # nobody asks about that in general
                    continue
                return Danger(topic, " ".join(tokens[p] for p in places)), False
        return None, doubted

    def is_quick_exit(self, text: str) -> bool:
        """Whether the message asks, and only asks, to wipe the conversation at once."""
        if len(text) > _EXIT_CHARS:
            return False
        tokens = self._reader.read(text)
        plain = tuple(t for t in tokens if t not in self._exit_fillers)
        return tuple(tokens) in self._exits or plain in self._exits

    def _denied(self, tokens: list[str], places: tuple[int, ...]) -> bool:
        """Whether a negator stands right before a danger word, apart from those the phrase itself has."""
        for place in places:
            if tokens[place] in self._persons:
                continue
            before = place - 1
            while before >= 0 and tokens[before] in self._fillers:
                before -= 1
            if before >= 0 and tokens[before] in self._negators and before not in places:
                return True
        return False

    def _is_general(self, tokens: list[str]) -> bool:
        if any(token in self._now or token in self._persons for token in tokens):
            return False
        return next(self._general.find(tokens), None) is not None

    def _list(self, entry: Any) -> frozenset[str]:
        if isinstance(entry, list):
            return self._reader.canon(entry)
        return self._reader.canon(
            b + r + a for b in entry["before"] for r in entry["roots"] for a in entry["after"]
        )

    def _index(self, phrases: Iterable[str]) -> _Index:
        return _Index([self._phrase(phrase) for phrase in phrases])

    def _phrase(self, text: str) -> _Phrase:
        parts: list[frozenset[str]] = []
        gaps: list[int] = []
        gap = 0
        for piece in text.split():
            if piece in _GAPS:
                gap = _GAPS[piece]
                continue
            words: frozenset[str] = frozenset()
            for choice in piece.split("|"):
                if choice.startswith("@") and choice[1:] not in self._lists:
                    raise GuardError(f"phrase {text!r}: no word list {choice}")
                words |= self._lists[choice[1:]] if choice.startswith("@") else self._reader.canon([choice])
            parts.append(words)
            gaps.append(gap)
            gap = 0
        if not parts or gap:
            raise GuardError(f"phrase {text!r} is empty or ends in a gap")
        return _Phrase(tuple(parts), tuple(gaps))


@lru_cache(maxsize=1)
def default_guard() -> Guard:
    """The guard with the product's own rules and the newest danger model, read once.

    An older model than the present data's is used, too: it knows far more than none.
    """
    newest = max(MODELS.glob("danger-*.npz"), key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        logger.warning("no danger model in %s: the guard's rules decide alone. Run: desmi train", MODELS.name)
    return Guard.from_file(RULES, DangerModel.load(newest) if newest else None)


def is_quick_exit(text: str) -> bool:
    """Whether the message is the quick exit ("hapus percakapan"), in any language of the product."""
    return default_guard().is_quick_exit(text)
