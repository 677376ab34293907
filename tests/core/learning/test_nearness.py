"""What may be taught, and why the rest may not."""

from pathlib import Path

import pytest

from core.learning import sentences
from core.learning.nearness import Refusal, refusal
from core.learning.sentences import Sentence, plain


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few training sentences and held-out ones in place of the product's."""
    nlu, held = tmp_path / "nlu", tmp_path / "heldout"
    nlu.mkdir()
    held.mkdir()
    (nlu / "documents.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: documents/passport\n    examples: |\n'
        "      - bikin paspor dimana\n      - syarat bikin paspor buat kerja di luar negeri apa saja\n"
        "  - intent: documents/work_visa\n    examples: |\n      - urus visa kerja gimana\n"
    )
    (held / "questions.csv").write_text(
        "text,topic,language,register\nke mana saya harus pergi untuk paspor baru,documents/passport,id,plain\n"
    )
    (held / "follow_ups.yml").write_text(
        "conversations:\n- language: id\n  turns:\n  - {text: 'cerita soal medikal dong', topic: health/checkup}\n"
        "  - {text: 'berapa lama berlakunya', topic: health/validity, kind: follow_up}\n"
    )
    monkeypatch.setattr(sentences, "NLU", nlu)
    monkeypatch.setattr(sentences, "HELD_OUT", held)


@pytest.mark.parametrize(
    ("text", "topic", "found"),
    [
        ("paspor hilang di kos, harus lapor siapa", "documents/passport", None),
        ("berapa lama berlakunya", "health/validity", None),
        ("Bikin paspor dimana?", "documents/passport", Refusal("same", "bikin paspor dimana", "documents/passport")),
        ("bikin paspor di mana", "documents/passport", Refusal("near", "bikin paspor dimana", "documents/passport")),
        ("bikin paspor dimana", "documents/work_visa", Refusal("other_topic", "bikin paspor dimana", "documents/passport")),
        ("syarat bikin paspor buat kerja di jepang apa saja", "documents/work_visa", None),
        ("paspor baru ke mana saya harus pergi untuk", "documents/passport", Refusal("held_out")),
        ("cerita soal medikal dong", "health/checkup", Refusal("held_out")),
        ("nomor saya [telepon] tolong", "help/contact", Refusal("marks")),
        ("?!", "bot/out_of_scope", Refusal("empty")),
        ("panjang " * 60, "bot/out_of_scope", Refusal("long")),
    ],
)  # fmt: skip
def test_what_may_be_taught(text: str, topic: str, found: Refusal | None) -> None:
    assert refusal(text, topic) == found


def test_sentences_that_differ_by_one_word_count_as_one_within_a_topic() -> None:
    found = refusal("syarat bikin paspor buat kerja di jepang apa saja", "documents/passport",
                    [Sentence("syarat bikin paspor buat kerja di korea apa saja", "documents/passport")])  # fmt: skip
    assert found is not None
    assert found.reason == "near"
    assert Refusal.from_dict(found.to_dict()) == found


def test_sentences_are_compared_without_case_and_marks() -> None:
    assert plain("  Paspor, HILANG!! 2 hari ") == "paspor hilang 2 hari"
