"""When a message was not understood: real topics are offered, then a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import Kind, parse_code
from core.languages import LANGUAGES, translator
from core.topics import CONVERSATIONAL, OUT_OF_SCOPE, topics
from core.unsure import OFFERED, second_miss, suggest


def offered(ranking: list[str]) -> list[str]:
    rows = suggest(translator("id"), ranking).buttons
    assert parse_code(rows[-1][0].data) is not None, "the last row leads to the menu"
    return [rows[i][0].data for i in range(len(rows) - 1)]


def test_the_nearest_topics_are_offered_best_first() -> None:
    ranking = [
        OUT_OF_SCOPE,
        "documents/passport",
        "bot/greet",
        "task/find_centre",
        "nothing/known",
        "health/cost",
        "money/salary",
    ]
    assert offered(ranking) == ["1:t:documents/passport", "1:k:find_centre", "1:t:health/cost"]


def test_without_a_ranking_there_is_still_the_menu() -> None:
    assert offered([]) == []
    assert offered(["nlu_fallback", *CONVERSATIONAL]) == []


@given(st.lists(st.sampled_from([*topics(), "unknown", ""])))
def test_any_ranking(ranking: list[str]) -> None:
    assert len(offered(ranking)) <= OFFERED


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_second_time_a_person_is_named(language: str) -> None:
    reply = second_miss(translator(language))
    codes = [parse_code(row[0].data) for row in reply.buttons]
    assert [code.kind for code in codes if code] == [Kind.TASK, Kind.THEME]
    assert "[[hotline:" in reply.text
    assert reply.topic == OUT_OF_SCOPE
