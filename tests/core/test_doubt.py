"""An answer that may be to another question."""

from dataclasses import replace

import pytest

from core.answers import read_answers
from core.doubt import DOUBTFUL, with_others
from core.languages import LANGUAGES, translator
from core.outcomes import Alternative, Understanding
from core.replies import Reply
from core.topics import topics

ID = translator("id")
ANSWERS = read_answers()
OTHERS = (
    Alternative("documents/passport", 0.6),
    Alternative("documents/passport_cost", 0.2),
    Alternative("bot/out_of_scope", 0.1),
    Alternative("help/abuse", 0.08),
    Alternative("documents/lost_passport", 0.06),
    Alternative("money/loan", 0.01),
)
DOUBT = Understanding("documents/passport", DOUBTFUL - 0.01, alternatives=OTHERS)
REPLY = ANSWERS["documents/passport"].reply()


def test_it_says_what_it_takes_the_question_for_and_offers_the_others() -> None:
    (said,) = with_others(ID, [REPLY], DOUBT)
    lead, _gap, rest = said.text.partition("\n\n")
    assert topics()["documents/passport"].title in lead
    assert rest == REPLY.text
    offered = ("documents/passport_cost", "help/abuse")
    assert said.related == tuple(dict.fromkeys((*offered, *REPLY.related)))
    assert said.sources == REPLY.sources


@pytest.mark.parametrize(
    "changed",
    [
        {"confidence": DOUBTFUL},
        {"confidence": None},
        {"alternatives": OTHERS[-1:]},
        {"questions": OTHERS[-1:]},
        {"sure": False},
        {"topic": "bot/greet"},
    ],
    ids=str,
)
def test_without_doubt_or_others_all_stays(changed: dict[str, object]) -> None:
    assert with_others(ID, [REPLY], replace(DOUBT, **changed)) == (REPLY,)  # type: ignore[arg-type]


def test_what_a_task_says_is_left_alone() -> None:
    asks = Reply("Desa mana?", topic="task/find_centre")
    assert with_others(ID, [asks], DOUBT) == (asks,)


def test_only_the_answer_changes() -> None:
    before, after = Reply("Sebelum"), Reply("Sesudah", topic="task/find_centre")
    said = with_others(ID, [before, REPLY, after], DOUBT)
    assert (said[0], said[2]) == (before, after)
    assert said[1].text.endswith(REPLY.text)


def test_nobody_in_danger_reads_that_they_ask_about_it() -> None:
    reply = ANSWERS["help/abuse"].reply()
    (said,) = with_others(ID, [reply], replace(DOUBT, topic="help/abuse"))
    assert said.text == reply.text
    assert said.related[:2] == ("documents/passport", "documents/passport_cost")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_in_every_language(language: str) -> None:
    (said,) = with_others(translator(language), [REPLY], DOUBT)
    assert translator(language).gettext(topics()["documents/passport"].title) in said.text
