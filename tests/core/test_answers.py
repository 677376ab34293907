"""Written answers: the shipped ones are whole; a malformed file is refused with topic and field."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.answers import MAX_CHARS, AnswerError, answer_from, read_answers
from core.hotlines import hotlines
from core.replies import Source
from core.topics import topics

ANSWERS = read_answers()
GOOD: dict[str, Any] = {
    "sources": [{"title": "Judul", "publisher": "KP2MI", "url": "https://example.org/a", "date": "2025-04"}],
    "checked": "2026-11-23",
    "review_by": "2027-05-23",
    "related": ["documents/checklist"],
}


def test_every_topic_has_one_answer() -> None:
    assert set(ANSWERS) == {topic for topic in topics() if not topic.startswith("task/")}


@pytest.mark.parametrize("topic", sorted(ANSWERS))
def test_a_shipped_answer_is_whole(topic: str) -> None:
    answer = ANSWERS[topic]
    assert 20 <= len(answer.text) <= MAX_CHARS
    assert not set("{}<>") & set(answer.text), "Rasa and Telegram would read these"
    assert hotlines().problems(answer.text, date.today()) == []
    assert answer.sources
    for source in answer.sources:
        assert source.title
        assert source.publisher
        assert source.url.startswith("https://") or source.url.startswith("http://") or not source.url
    assert answer.checked < answer.review_by
    assert 1 <= len(answer.related) <= 3


def test_as_a_reply() -> None:
    answer = answer_from("documents/passport", "  teks \n", GOOD)
    reply = answer.reply()
    assert (reply.text, reply.topic) == ("teks", "documents/passport")
    assert reply.sources == (Source("Judul", "KP2MI", "https://example.org/a", "2025-04"),)
    assert (reply.checked, reply.review_by) == ("2026-11-23", "2027-05-23")
    assert reply.related == ("documents/checklist",)


def write(folder: Path, responses: Any, name: str = "documents.yml") -> None:
    (folder / name).write_text(yaml.safe_dump({"version": "3.1", "responses": responses}), "utf-8")


def response(**changes: Any) -> dict[str, Any]:
    return {"utter_documents/passport": [{"text": "teks", "metadata": {**GOOD, **changes}}]}


def refused(folder: Path) -> str:
    with pytest.raises(AnswerError) as caught:
        read_answers(folder)
    return str(caught.value)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, response())
    assert set(read_answers(tmp_path)) == {"documents/passport"}
    assert read_answers(tmp_path / "nothing") == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sources": None}, "sources"),
        ({"sources": "KP2MI"}, "sources"),
        ({"sources": ["KP2MI"]}, "title"),
        ({"sources": [{"title": "a", "publisher": "b", "url": ""}]}, "date"),
        ({"sources": [{"title": "a", "publisher": "b", "url": "", "date": date(2025, 4, 10)}]}, "date"),
        ({"sources": [{"publisher": "b", "url": "", "date": ""}]}, "title"),
        ({"checked": None}, "checked"),
        ({"checked": date(2026, 11, 23)}, "checked"),
        ({"checked": "23-11-2026"}, "checked"),
        ({"review_by": ""}, "review_by"),
        ({"review_by": 2027}, "review_by"),
        ({"related": None}, "related"),
        ({"related": "documents/checklist"}, "related"),
        ({"related": ["documents/nothing"]}, "related"),
        ({"related": ["documents/passport"]}, "related"),
    ],
)
def test_a_fault_in_metadata_is_named(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    write(tmp_path, response(**change))
    said = refused(tmp_path)
    assert said.startswith("documents.yml: documents/passport:")
    assert field in said


@pytest.mark.parametrize(
    ("variants", "said"),
    [
        ([], "one text"),
        (None, "one text"),
        ("teks", "one text"),
        (["teks"], "one text"),
        ([{"text": "a", "metadata": GOOD}, {"text": "b", "metadata": GOOD}], "one text"),
        ([{"metadata": GOOD}], "text is missing"),
        ([{"text": " ", "metadata": GOOD}], "text is missing"),
        ([{"text": 5, "metadata": GOOD}], "text is missing"),
        ([{"text": "a"}], "metadata is missing"),
        ([{"text": "a", "metadata": []}], "metadata is missing"),
    ],
)
def test_a_fault_in_the_text_is_named(tmp_path: Path, variants: Any, said: str) -> None:
    write(tmp_path, {"utter_documents/passport": variants})
    assert refused(tmp_path).startswith(f"documents.yml: documents/passport: {said}") or said in refused(
        tmp_path
    )
    assert "documents/passport" in refused(tmp_path)


def test_an_unknown_or_doubled_topic_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"utter_documents/pasport": [{"text": "a", "metadata": GOOD}]})
    assert "documents/pasport: no such topic" in refused(tmp_path)
    write(tmp_path, response())
    write(tmp_path, response(), "other.yml")
    assert "other.yml: documents/passport: stands in two files" in refused(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"- 1\n", b"responses:\n", b"responses: [a]\n", b"a: [\n", b"\xff\xfe", b"a: \x00"]
)
def test_a_file_that_is_no_answers_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.yml").write_bytes(content)
    assert refused(tmp_path).startswith("broken.yml: ")
