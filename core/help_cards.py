"""Help cards: what a person in danger reads at once - what to do this minute, whom to call, how to hide the chat."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import plain_yaml
from core.countries import find_country
from core.hotlines import HOME, Hotline, Hotlines, hotlines
from core.languages import SOURCE, detect, translator
from core.outcomes import ChatState

ROOT = Path(__file__).resolve().parent.parent
CARDS = ROOT / "content" / "help_cards.yml"

MAX_CHARS = 900
MAX_LINES = 4
_OWN_LINES = 2  # of the country itself; the rest stay for numbers that work from everywhere


class HelpCardError(ValueError):
    """content/help_cards.yml is not as it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class HelpCard:
    """A card ready to send: its topic, its text (under 900 characters), the ids of the lines it shows."""

    topic: str
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Card:
    now: str
    lines: tuple[str, ...]
    home: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HelpCards:
    """The written cards and what all of them share."""

    call: str
    exit: str
    abroad: tuple[str, ...]
    kinds: tuple[str, ...]
    cards: Mapping[str, _Card]

    def choose(self, topic: str, country: str | None, known: Hotlines, today: date) -> tuple[str, ...]:
        """The ids of at most four lines for a danger: fresh numbers first, then the country's own."""
        written = self.cards[topic]
        if country == HOME:
            return written.home[:MAX_LINES]
        own = [line for line in known.for_country(country) if self._serves(line, topic)] if country else []
        if not own:
            return written.lines[:MAX_LINES]
        own.sort(
            key=lambda line: (
                topic not in line.topics,
                self.kinds.index(line.kind) if line.kind in self.kinds else 9,
            )
        )
        best = own[:_OWN_LINES]
        ids = (*(line.id for line in best), *self.abroad)[:MAX_LINES]
        # a number that may be dead must not cost the first try
        return tuple(sorted(ids, key=lambda line: not known.get(line).is_fresh(today)))

    def _serves(self, line: Hotline, topic: str) -> bool:
        return topic in line.topics or line.kind in self.kinds


def read_help_cards(path: Path, known: Hotlines) -> HelpCards:
    """Reads the cards.

    Raises:
        HelpCardError: A field is missing or a line is not in the list of hotlines.
    """
    raw: dict[str, Any] = plain_yaml.load(path.read_text(encoding="utf-8"))
    try:
        common = raw["common"]
        cards = {
            topic: _Card(entry["texts"]["now"], tuple(entry["lines"]), tuple(entry["home"]))
            for topic, entry in raw["cards"].items()
        }
        read = HelpCards(
            call=common["texts"]["call"],
            exit=common["texts"]["exit"],
            abroad=tuple(common["abroad"]),
            kinds=tuple(common["kinds"]),
            cards=cards,
        )
    except (KeyError, TypeError) as error:
        raise HelpCardError(f"{path.name}: {error!r}") from error
    for topic, written in cards.items():
        unknown = [line for line in (*written.lines, *written.home, *read.abroad) if line not in known]
        if unknown:
            raise HelpCardError(f"{path.name}: {topic}: no hotline {', '.join(unknown)}")
    return read


@lru_cache(maxsize=1)
def help_cards() -> HelpCards:
    """The product's cards, read once."""
    return read_help_cards(CARDS, hotlines())


def card(danger_topic: str, country: str | None, lang: str, today: date | None = None) -> HelpCard:
    """The card for a danger.

    Args:
        danger_topic: A topic of the guard (`help/abuse` ...).
        country: ISO code of where the person is, "ID" for Indonesia, None where not known.
        lang: The person's language. Translations are younger than the text, so in any language but Indonesian the
            Indonesian words stand beside them.
        today: The day by which the age of numbers is told; the present day where not given.

    Raises:
        KeyError: There is no card for the topic.
    """
    cards, known = help_cards(), hotlines()
    day = today or datetime.now(UTC).date()
    now = cards.cards[danger_topic].now
    say = translator(lang)
    lead = say.gettext(now)
    if say.language.code != SOURCE and lead != now:
        lead = f"{lead}\n\n{now}"
    ids = cards.choose(danger_topic, country, known, day)
    shown = "\n".join(f"• {known.show(line, day, lang)}" for line in ids)
    text = f"{lead}\n\n{say.gettext(cards.call)}\n{shown}\n\n{say.gettext(cards.exit)}"
    return HelpCard(danger_topic, text, ids)


def addressee(chat: ChatState, text: str) -> ChatState:
    """The chat as a card for this message should see it: its country, and the language to speak.

    The language is the one chosen or, while none was chosen, the one written in.
    """
    language = detect(text) if chat.language == SOURCE else chat.language
    return replace(chat, language=language, country=find_country(text) or chat.country)
