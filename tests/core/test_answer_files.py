"""An answer is put back into its file in the file's own form."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from core.answer_files import FOLDER, diff, file_of, replaced
from core.answers import AnswerError, read_answers
from core.replies import Source

ANSWERS = read_answers()
TEXT = 'Kata "dalam kutip": dan\n\n• satu # bukan komentar\n- dua\n\nLangkah berikutnya: cek \\ lagi'


def test_every_answer_is_written_as_it_stands() -> None:
    for topic, answer in ANSWERS.items():
        text = file_of(topic).read_text("utf-8")
        assert replaced(text, answer) == text, topic


@pytest.mark.parametrize("topic", ["documents/passport", "bot/greet", "bot/thanks", "return/deportation"])
def test_the_diff_applies_and_gives_the_answer(topic: str, tmp_path: Path) -> None:
    folder = tmp_path / "domain" / "answers"
    shutil.copytree(FOLDER, folder)
    changed = replace(
        ANSWERS[topic],
        text=TEXT,
        sources=(Source('Judul "baru": satu', "Penerbit", "https://www.example.org/a?b=c#d", "2026-11"),),
        checked="2026-11-24",
        review_by="2027-02-24",
    )
    other = replace(
        ANSWERS["documents/skck" if "documents/skck" in ANSWERS else "money/loan"], checked="2026-11-24"
    )
    patch = diff([changed, other], folder)
    assert patch.startswith("--- a/domain/answers/")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, text=True, check=True)
    after = read_answers(folder)
    assert after[topic] == changed
    assert after[other.topic] == other
    assert {name for name in ANSWERS if ANSWERS[name] != after[name]} == {topic, other.topic}


def test_no_change_is_no_diff() -> None:
    assert diff([ANSWERS["documents/passport"]]) == ""


def test_an_unknown_topic_is_refused() -> None:
    with pytest.raises(AnswerError):
        file_of("documents/tidak_ada")
    with pytest.raises(AnswerError):
        replaced("version: '3.1'\n", ANSWERS["documents/passport"])
