"""Answering: second questions, what is left over, and answers for one country."""

from dataclasses import replace

import pytest

from core.answering import answer_all, for_country
from core.answers import MAX_CHARS, AnswerError, answer_from, read_answers
from core.hotlines import hotlines
from core.outcomes import Alternative, Understanding
from core.replies import Reply
from tests.core.test_answers import GOOD

ANSWERS = read_answers()
VARIANTS = [(topic, code) for topic, answer in sorted(ANSWERS.items()) for code in answer.by_country]


def understood(topic: str, *more: str, alternatives: tuple[Alternative, ...] = ()) -> Understanding:
    questions = tuple(Alternative(name, 0.8) for name in more)
    return Understanding(topic, 0.9, alternatives=alternatives, questions=questions)


def test_one_question_stays_as_it_is() -> None:
    reply = ANSWERS["documents/passport"].reply()
    assert answer_all([reply], understood("documents/passport"), ANSWERS) == (reply,)


def test_two_questions_get_two_answers_in_their_order() -> None:
    first = ANSWERS["documents/passport_cost"].reply()
    again = Reply("Desa mana?", topic="task/find_centre")
    said = answer_all([first, again], understood("documents/passport_cost", "health/where"), ANSWERS)
    assert [reply.topic for reply in said] == ["documents/passport_cost", "health/where", "task/find_centre"]
    assert said[1].sources


def test_a_third_question_becomes_a_button() -> None:
    first = ANSWERS["documents/passport_cost"].reply()
    said = answer_all([first], understood("documents/passport_cost", "health/where", "money/loan"), ANSWERS)
    assert [reply.topic for reply in said] == ["documents/passport_cost", "health/where"]
    assert said[1].related[0] == "money/loan"


def test_a_task_that_asks_back_comes_last() -> None:
    ask = Reply("Desa mana?", topic="task/find_centre")
    said = answer_all([ask], understood("task/find_centre", "documents/passport_cost"), ANSWERS)
    assert [reply.topic for reply in said] == ["documents/passport_cost", "task/find_centre"]


def test_a_second_task_becomes_a_button() -> None:
    first = ANSWERS["documents/passport_cost"].reply()
    said = answer_all([first], understood("documents/passport_cost", "task/find_centre"), ANSWERS)
    assert len(said) == 1
    assert said[0].related[0] == "task/find_centre"


def test_an_emergency_is_answered_alone() -> None:
    first = ANSWERS["help/abuse"].reply()
    likely = (Alternative("destinations/hong_kong", 0.7), Alternative("help/confined", 0.6))
    said = answer_all([first], understood("help/abuse", "money/loan", alternatives=likely), ANSWERS)
    assert len(said) == 1
    assert said[0].related[:2] == ("money/loan", "destinations/hong_kong")


@pytest.mark.parametrize(("topic", "code"), VARIANTS)
def test_a_variant_is_whole(topic: str, code: str) -> None:
    answer = ANSWERS[topic]
    reply = for_country(answer.reply(), ANSWERS, code)
    assert reply.text != answer.text
    assert 20 <= len(reply.text) <= MAX_CHARS
    assert "Langkah berikutnya:" in reply.text
    assert reply.sources
    assert set(reply.sources) <= set(answer.sources)
    assert reply.checked == answer.checked
    assert not set("{}<>") & set(reply.text)


def test_a_wage_question_gets_its_country_alone() -> None:
    reply = for_country(ANSWERS["money/salary"].reply(), ANSWERS, "TW")
    assert reply.text.startswith("Taiwan")
    assert "HKD" not in reply.text


def test_a_country_without_words_of_its_own_gets_the_whole() -> None:
    reply = ANSWERS["money/salary"].reply()
    assert for_country(reply, ANSWERS, "JP") == reply
    assert for_country(reply, ANSWERS, None) == reply
    other = replace(reply, text="teks lain")
    assert for_country(other, ANSWERS, "TW") == other, "only the written text is replaced"


@pytest.mark.parametrize(("topic", "first"), [("help/hotline", "hk_999"), ("help/embassy", "kjri_hong_kong")])
def test_numbers_of_the_country_come_first(topic: str, first: str) -> None:
    reply = for_country(ANSWERS[topic].reply(), ANSWERS, "HK")
    assert reply.text.startswith(f"• [[hotline:{first}]]")
    assert reply.text.endswith(ANSWERS[topic].text)
    assert hotlines().get(first).source in reply.sources


@pytest.mark.parametrize(
    "by_country",
    ["TW", {"XX": {"text": "a", "sources": []}}, {"TW": {"sources": []}}, {"TW": {"text": "a"}}, {"TW": "a"}],
)
def test_a_malformed_variant_is_refused(by_country: object) -> None:
    with pytest.raises(AnswerError, match="by_country"):
        answer_from("money/salary", "teks", {**GOOD, "by_country": by_country})
