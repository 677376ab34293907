"""Choosing a topic by its friendly name: what was typed becomes the topics that it may mean."""

from core.languages import Translator
from core.learning.sentences import plain
from core.topics import THEME_TITLES, topics

MOST = 12
"""Topics offered where what was typed fits several."""


def names(t: Translator) -> list[tuple[str, str, str]]:
    """(id, name, name of the theme) of all topics, as the console shows them."""
    return [
        (topic.id, t.gettext(topic.title), t.gettext(THEME_TITLES[topic.theme]))
        for topic in topics().values()
    ]


def find(t: Translator, typed: str) -> list[str]:
    """The topics whose name or id is what was typed, or else those that have all its words in name, theme or scope."""
    key = plain(typed)
    if not key:
        return []
    all_names = names(t)
    exact = [topic for topic, name, _theme in all_names if key == plain(name) or typed.strip() == topic]
    if exact:
        return exact
    words = key.split()
    texts = {
        topic: plain(f"{name} {theme} {topic} {topics()[topic].scope}") for topic, name, theme in all_names
    }
    return [topic for topic, text in texts.items() if all(word in text for word in words)][:MOST]
