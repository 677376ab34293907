"""What Desmi says and learns from: every topic whole, every answer dated, training and held-out text apart."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from core import plain_yaml
from core.settings import ROOT

RELEASE = date(2026, 11, 23)
"""The day of the content that ships; moved on when all of it has been reviewed. Never the clock's day: an answer that
goes stale later must be marked in the chat, not break a build."""
OLD_DAYS = 3 * 365 + 1
LONGEST_ANSWER = 700
LONGEST_NUMBER = 45
"""What a hotline's placeholder counts for: number and name."""
OUT_OF_SCOPE = "bot/out_of_scope"
NEAR = 90

SOURCE_FIELDS = {"title", "publisher", "url", "date"}
METADATA_FIELDS = {"sources", "checked", "review_by", "related"}
PLACEHOLDER = re.compile(r"\[\[hotline:([^\]]*)\]\]")
MONEY = re.compile(
    r"(?:Rp|RM|NT\$|HK\$|S\$|USD|SAR|AED|QAR)\s?[\d.,]+|\b\d{1,3}(?:\.\d{3})+\b", re.IGNORECASE
)
PHONE = re.compile(
    r"\+\s?\d[\d ().-]{4,}\d|\b0\d[\d ().-]{5,}\d\b|\b\d{3,5}[- ]\d{3,5}(?:[- ]\d{2,5})?\b|\b\d{8,}\b"
)


def load(name: str) -> Any:
    return plain_yaml.load((ROOT / name).read_text("utf-8"))


@cache
def topics() -> tuple[str, ...]:
    return tuple(
        f"{theme}/{topic}" for theme, listed in load("content/topics.yml").items() for topic in listed
    )


@cache
def answers() -> dict[str, dict[str, Any]]:
    """Topic → its one response."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "domain/answers").glob("*.yml")):
        for name, variants in load(f"domain/answers/{path.name}")["responses"].items():
            assert name.startswith("utter_"), name
            topic = name.removeprefix("utter_")
            assert topic not in found, f"{name} stands twice"
            assert topic.split("/")[0] == path.stem, f"{name} stands in {path.name}"
            assert len(variants) == 1, (
                f"{name}: one text an answer, so that what was reviewed is what is said"
            )
            found[topic] = variants[0]
    return found


@cache
def training() -> tuple[tuple[str, str], ...]:
    """(topic, sentence), all of them."""
    found: list[tuple[str, str]] = []
    for path in sorted((ROOT / "nlu").glob("*.yml")):
        for entry in load(f"nlu/{path.name}")["nlu"]:
            if "intent" not in entry:
                continue
            assert entry["intent"].split("/")[0] == path.stem, f"{entry['intent']} stands in {path.name}"
            lines = [line.strip() for line in entry["examples"].splitlines() if line.strip()]
            assert all(line.startswith("- ") for line in lines), entry["intent"]
            found += [(entry["intent"], line[2:].strip()) for line in lines]
    return tuple(found)


@cache
def hotlines() -> dict[str, dict[str, Any]]:
    listed = load("content/hotlines.yml")["hotlines"]
    lines = {line["id"]: line for line in listed}
    assert len(lines) == len(listed), "a hotline id stands twice"
    return lines


def normal(text: str) -> str:
    """Letters and digits in one case, single spaces: what two sentences are compared by."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w]+", " ", plain).split())


def day(text: str) -> date | None:
    """The first day of YYYY, YYYY-MM or YYYY-MM-DD; None when there is none."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None


def heldout() -> Iterator[tuple[str, str]]:
    """(file, sentence)"""
    for path in sorted((ROOT / "tests/heldout").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            yield from ((path.name, row["text"]) for row in csv.DictReader(lines))


# topics


def test_every_topic_is_answered_and_only_topics_are() -> None:
    # a task is a conversation of its own
    assert sorted(answers()) == sorted(topic for topic in topics() if not topic.startswith("task/"))


def test_every_topic_is_trained_and_only_topics_are() -> None:
    assert sorted({topic for topic, _ in training()}) == sorted(topics())


def test_the_domain_knows_every_theme() -> None:
    themes = sorted({topic.split("/")[0] for topic in topics()})
    assert sorted(load("domain/domain.yml")["intents"]) == themes
    steps = [
        rule["steps"]
        for path in (ROOT / "stories").glob("*.yml")
        for rule in load(f"stories/{path.name}").get("rules", [])
    ]
    answered = {
        step["action"] for steps_ in steps for step in steps_ if step.get("action", "").startswith("utter_")
    }
    assert {f"utter_{theme}" for theme in themes if theme != "task"} <= answered


def test_other_files_name_only_topics() -> None:
    known = set(topics())
    for line in hotlines().values():
        assert set(line["topics"]) <= known, line["id"]
    assert set(load("content/help_cards.yml")["cards"]) <= known
    for name in ("questions.csv", "lookalikes.csv", "as_written.csv"):
        with (ROOT / "tests/heldout" / name).open(encoding="utf-8", newline="") as lines:
            assert {row["topic"] for row in csv.DictReader(lines)} <= known, name
    with (ROOT / "tests/heldout/two_questions.csv").open(encoding="utf-8", newline="") as lines:
        assert {topic for row in csv.DictReader(lines) for topic in row["topics"].split()} <= known
    for conversation in load("tests/heldout/follow_ups.yml")["conversations"]:
        for turn in conversation["turns"]:
            named = turn["topic"] if isinstance(turn["topic"], list) else [turn["topic"]]
            assert set(named) <= known, turn
            assert turn.get("tap", named[0]) in known, turn


def test_topic_ids_and_titles() -> None:
    for theme, listed in load("content/topics.yml").items():
        for topic, about in listed.items():
            assert re.fullmatch(r"[a-z_]+/[a-z0-9_]+", f"{theme}/{topic}")
            assert about["title"].strip()
            assert about["scope"].strip()


# training sentences


def test_sentences_are_plain_text() -> None:
    wrong = [
        (topic, text) for topic, text in training() if not normal(text) or re.search(r"[\[\]{}]|\]\(", text)
    ]
    assert wrong == []


def test_no_sentence_stands_twice() -> None:
    """Word order, case and marks aside: near-duplicates make the model surer than it may be, across topics unsure."""
    listed = training()
    # the ratio of sorted words is what token_sort_ratio computes; sorting once is ten times faster
    words = [" ".join(sorted(normal(text).split())) for _, text in listed]
    pairs: list[tuple[str, ...]] = []
    step = 1000
    for start in range(0, len(words), step):
        scores = process.cdist(
            words[start : start + step],
            words,
            scorer=fuzz.ratio,
            score_cutoff=NEAR,
            dtype=np.uint8,
            workers=-1,
        )
        for here, there in np.argwhere(scores > NEAR):
            if start + here < there:
                pairs.append((*listed[start + here], *listed[there]))
    assert pairs == []


def test_no_held_out_sentence_is_trained_on() -> None:
    trained = {normal(text): topic for topic, text in training()}
    assert [(name, text) for name, text in heldout() if normal(text) in trained] == []


def strings(value: object) -> Iterator[str]:
    """All strings in lists and mappings."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def test_follow_ups_to_fit_are_of_real_topics_and_none_is_held_out() -> None:
    rows = list(csv.DictReader((ROOT / "training/follow_ups.csv").read_text("utf-8").splitlines()))
    assert {name for row in rows for name in (row["before"], *row["topics"].split())} <= set(topics())
    held_out = {normal(text) for _, text in heldout()}
    held_out |= {normal(text) for text in strings(load("tests/heldout/follow_ups.yml"))}
    assert [row["text"] for row in rows if normal(row["text"]) in held_out] == []


def test_held_out_sentences_stand_once() -> None:
    counts = Counter(normal(text) for _, text in heldout())
    assert [text for text, number in counts.items() if number > 1] == []


# answers


@pytest.fixture(params=sorted(answers()))
def answer(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each answer, with its topic."""
    return {"topic": request.param, **answers()[request.param]}


def test_answer_is_short_and_plain(answer: dict[str, Any]) -> None:
    shown = PLACEHOLDER.sub("x" * LONGEST_NUMBER, answer["text"])
    assert 0 < len(shown) <= LONGEST_ANSWER
    # Rasa fills braces in, Telegram reads tags: an answer has neither
    assert not re.search(r"[{}<>]|\*\*|__", answer["text"])
    assert answer["text"] == answer["text"].strip()


def test_answer_has_whole_metadata(answer: dict[str, Any]) -> None:
    metadata = answer["metadata"]
    assert METADATA_FIELDS <= set(metadata) <= METADATA_FIELDS | {"by_country", "numbers_first"}
    assert metadata["sources"]
    parts = metadata.get("by_country", {}).values()
    for part in parts:
        assert len(part["text"]) <= LONGEST_ANSWER
        assert part["sources"], "a country's text is a fact, too"
    for source in [*metadata["sources"], *(source for part in parts for source in part["sources"])]:
        assert set(source) == SOURCE_FIELDS
        assert all(isinstance(value, str) for value in source.values()), source
        assert source["title"].strip()
        assert source["publisher"].strip()
        assert not source["url"] or re.fullmatch(r"https?://[\w.-]+\.[a-z]{2,}(?:/\S*)?", source["url"]), (
            source["url"]
        )
        assert source["date"] == "" or day(source["date"]), source
    assert len({(source["title"], source["url"]) for source in metadata["sources"]}) == len(
        metadata["sources"]
    )


def test_answer_has_its_days(answer: dict[str, Any]) -> None:
    metadata = answer["metadata"]
    for field in ("checked", "review_by"):
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", metadata[field]), "write the day in quotes"
    checked, review = date.fromisoformat(metadata["checked"]), date.fromisoformat(metadata["review_by"])
    assert checked < review
    assert review > RELEASE
    for source in metadata["sources"]:
        dated = day(source["date"])
        assert dated is None or dated <= checked, f"{source['title']}: dated after it was checked"


def test_answer_leads_to_other_topics(answer: dict[str, Any]) -> None:
    related = answer["metadata"]["related"]
    assert related
    assert len(related) == len(set(related))
    assert set(related) <= set(topics()) - {answer["topic"], OUT_OF_SCOPE}


def test_answer_holds_no_number_itself(answer: dict[str, Any]) -> None:
    text = MONEY.sub(" ", PLACEHOLDER.sub(" ", answer["text"]))
    # a law's number and year, spans of years and of prices are no telephone numbers
    text = re.sub(r"\d+/\d{4}|\b(?:19|20)\d{2}\s?[-–]\s?(?:(?:19|20)\d{2}|\d{2})\b", " ", text)
    assert not (found := PHONE.search(text)), found
    # short codes too: 110, 129, 15999; one that could be a year (1955) only after a word for calling
    known = {re.sub(r"\D", "", number) for line in hotlines().values() for number in line["numbers"]}
    bare = set(re.findall(r"(?<![\d.,])\d{3,6}(?![\d.,]*\d)", text))
    called = set(
        re.findall(r"(?i)(?:telepon|hubungi|nomor|hotline|call|wa|sms)\W+(?:\w+\W+)?(\d{4})\b", text)
    )
    assert not known & (called | {code for code in bare if not re.fullmatch(r"(?:19|20)\d{2}", code)})


def test_answer_shows_no_old_number_alone(answer: dict[str, Any]) -> None:
    named = PLACEHOLDER.findall(answer["text"])
    assert answer["text"].count("[[") == len(named)
    assert set(named) <= set(hotlines())
    assert not named or any(fresh(line) for line in named), "only numbers over three years old"


def fresh(line: str) -> bool:
    """Whether the newest source that shows a number is at most three years old at the release."""
    seen = day(str(hotlines()[line]["seen"]))
    return seen is not None and (RELEASE - seen).days <= OLD_DAYS


def test_help_cards_show_no_old_number_alone() -> None:
    for topic, card in load("content/help_cards.yml")["cards"].items():
        for lines in ("lines", "home"):
            assert set(card[lines]) <= set(hotlines()), topic
            assert any(fresh(line) for line in card[lines]), f"{topic}: {lines}"


def test_hotlines_are_whole() -> None:
    for line in hotlines().values():
        assert line["numbers"], line["id"]
        assert set(line["source"]) == SOURCE_FIELDS, line["id"]
        assert line["seen"] == "" or day(line["seen"]), line["id"]
        assert re.fullmatch(r"[A-Z]{2}|\*", line["country"]), line["id"]


def test_code_names_only_known_hotlines() -> None:
    for folder in ("actions", "bot", "core"):
        for path in (ROOT / folder).rglob("*.py"):
            named = set(re.findall(r"\[\[hotline:([a-z0-9_]+)\]\]", path.read_text("utf-8")))
            assert named <= set(hotlines()), path
