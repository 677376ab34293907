"""A copy of the project with few sentences: the whole product, but trained in seconds."""

import csv
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

from core.learning.sentences import read_sentences
from core.settings import ROOT

TOPICS = (
    "documents/passport", "documents/passport_cost", "documents/lost_passport", "documents/work_visa",
    "health/checkup", "money/salary", "help/abuse", "bot/greet", "bot/out_of_scope",
)  # fmt: skip
"""What is taught and measured; of every other theme one topic is taught a little, for the rules name all themes."""
SENTENCES = 30
A_LITTLE = 3
HELD_OUT = 4
"""Sentences a topic, in training and held out."""


def small_project(folder: Path) -> Path:
    """Copy what git holds, but the tests, and cut the sentences down."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        if not name.startswith(("tests/", "benchmarks/", "docs/")) or name.startswith(
            ("tests/heldout/", "tests/safety/")
        ):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    shutil.copytree(ROOT / "locales", folder / "locales", dirs_exist_ok=True)  # the compiled ones, too
    (folder / ".venv-rasa").symlink_to(ROOT / ".venv-rasa")
    for path in (folder / "nlu").glob("*.yml"):
        _cut_sentences(path)
    for path in (folder / "tests" / "heldout").glob("*.csv"):
        _cut_rows(path)
    return folder


def _cut_sentences(path: Path) -> None:
    kept: dict[str, list[str]] = defaultdict(list)
    for sentence in read_sentences(path):
        if sentence.topic in TOPICS and len(kept[sentence.topic]) < SENTENCES:
            kept[sentence.topic].append(sentence.text)
    if not kept:
        first = list(read_sentences(path))[:A_LITTLE]
        kept[first[0].topic] = [sentence.text for sentence in first]
    lines = ['version: "3.1"', "nlu:"]
    for topic, texts in kept.items():
        lines += [f"  - intent: {topic}", "    examples: |", *(f"      - {text}" for text in texts)]
    path.write_text("\n".join([*lines, ""]), "utf-8")


def _cut_rows(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows, fields = list(reader), reader.fieldnames or []
    kept: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        topic = row.get("topic", TOPICS[-1])
        if topic in TOPICS and len(kept[topic]) < HELD_OUT:
            kept[topic].append(row)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fields)
        writer.writeheader()
        writer.writerows(row for group in kept.values() for row in group)
