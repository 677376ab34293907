"""Context: which topics a chat remembers, and which country its answers are about."""

from core.context import KEPT, country_of, remember
from core.outcomes import Alternative, ChatState, Understanding

CHAT = ChatState("chat-1")


def test_the_newest_topic_stands_first_and_once() -> None:
    chat = ChatState("c", topics=("health/checkup", "documents/passport"))
    assert remember(chat, Understanding("documents/passport", 0.9)) == (
        "documents/passport",
        "health/checkup",
    )
    many = ChatState("c", topics=("health/checkup", "money/salary", "money/loan"))
    assert remember(many, Understanding("documents/passport", 0.9))[:2] == (
        "documents/passport",
        "health/checkup",
    )
    assert len(remember(many, Understanding("documents/passport", 0.9))) == KEPT


def test_of_two_questions_the_second_is_the_newer() -> None:
    understood = Understanding("documents/passport", 0.9, questions=(Alternative("health/where", 0.8),))
    assert remember(CHAT, understood) == ("health/where", "documents/passport")


def test_a_task_begins_anew() -> None:
    assert remember(ChatState("c", topics=("health/checkup",)), Understanding("task/find_centre", 0.9)) == ()


def test_small_talk_and_misses_change_nothing() -> None:
    chat = ChatState("c", topics=("health/checkup",))
    for topic in ("bot/thanks", "bot/out_of_scope", "no/topic", None):
        assert remember(chat, Understanding(topic, 0.9)) == ("health/checkup",)
    assert remember(chat, Understanding("money/loan", 0.1, sure=False)) == ("health/checkup",)


def test_the_country_of_an_answer() -> None:
    named = ({"entity": "document", "value": "passport"}, {"entity": "country", "value": "HK"})
    talk = ChatState("c", country="MY", topics=("health/checkup", "destinations/taiwan"))
    assert country_of(talk, named) == "HK"
    assert country_of(talk, ()) == "TW", "the guide that was read tells it"
    assert country_of(ChatState("c", country="MY", topics=("health/checkup",)), ()) == "MY"
    assert country_of(ChatState("c", country="MY"), ()) is None, "an old talk does not"
