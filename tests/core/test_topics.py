"""The list of topics, and the menu order of its themes."""

from core.tasks.registry import GUIDED
from core.tasks.replies import REPLIES
from core.topics import (
    CONVERSATIONAL,
    EMERGENCIES,
    OUT_OF_SCOPE,
    THEME_TITLES,
    Topic,
    of_theme,
    themes,
    topics,
)


def test_the_whole_list() -> None:
    assert len(topics()) == 141
    assert {topic.theme for topic in topics().values()} == set(THEME_TITLES)
    assert themes() == list(THEME_TITLES)
    for name, topic in topics().items():
        assert topic.id == name
        assert topic.title
        assert topic.scope


def test_special_topics_are_in_the_list() -> None:
    assert set(topics()) >= CONVERSATIONAL
    assert set(topics()) >= EMERGENCIES
    assert OUT_OF_SCOPE in topics()


def test_topics_of_a_theme() -> None:
    listed = [topic.id for topic in of_theme("bot")]
    assert listed
    assert not CONVERSATIONAL & set(listed)
    assert of_theme("nothing") == []
    assert sum(len(of_theme(theme)) for theme in themes()) == len(topics()) - len(CONVERSATIONAL)


def test_titles_within_a_theme_differ() -> None:
    for theme in themes():
        titles = [topic.title for topic in of_theme(theme)]
        assert len(titles) == len(set(titles))


def test_every_task_leads_somewhere() -> None:
    tasks = {topic for topic in topics() if topic.startswith("task/")}
    assert tasks == set(REPLIES) | {"task/find_centre"} | {f"task/{name}" for name in GUIDED}


def test_the_theme_of_a_topic() -> None:
    assert Topic("a/b", "t", "s").theme == "a"
