"""`desmi ask` and `desmi parse` against the real servers: exact keys, any input, a copy beside another."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.model import model_path
from core.topics import topics
from tests.cli.conftest import Desmi, strict

pytestmark = pytest.mark.rasa

TURN = ["text", "topic", "confidence", "danger", "language", "replies"]
REPLY = ["text", "buttons", "venue", "topic", "sources", "checked"]
PARSE = ["text", "topic", "confidence", "alternatives", "danger", "entities"]


def check_turn(turn: Any) -> None:
    assert list(turn) == TURN
    assert turn["danger"] is None or turn["danger"].startswith("help/")
    for reply in turn["replies"]:
        assert list(reply) == REPLY
        assert "[[" not in reply["text"]
        for button in (b for row in reply["buttons"] for b in row):
            assert list(button) == ["text", "data"]
            assert 0 < len(button["data"].encode()) <= 64
        if reply["venue"]:
            assert list(reply["venue"]) == ["title", "address", "lat", "lon"]
        for source in reply["sources"]:
            assert list(source) == ["title", "publisher", "url", "date"]


def test_a_conversation(served: Desmi) -> None:
    said = ["cara bikin paspor gimana ya", "cari pusat desmigratif terdekat", "kec sukorejo kab ponorogo"]
    turns = served.json("ask", *said)
    for turn in turns:
        check_turn(turn)
    assert [turn["text"] for turn in turns] == said
    assert [turn["topic"] for turn in turns[:2]] == ["documents/passport", "task/find_centre"]
    assert turns[0]["language"] == "id"
    assert turns[0]["replies"][0]["sources"]
    assert turns[0]["replies"][0]["checked"]
    assert sum(reply["venue"] is not None for reply in turns[2]["replies"]) == 3


def test_danger_comes_with_its_card_first(served: Desmi) -> None:
    (turn,) = served.json("ask", "tolong saya dipukul majikan di malaysia")
    check_turn(turn)
    assert turn["danger"] == "help/abuse"
    assert turn["replies"][0]["topic"] == "help/abuse"
    assert any(character.isdigit() for character in turn["replies"][0]["text"])
    assert len(turn["replies"]) >= 2


def test_each_ask_is_a_fresh_conversation(served: Desmi) -> None:
    assert served.json("ask", "cari pusat desmigratif terdekat")[0]["topic"] == "task/find_centre"
    (turn,) = served.json("ask", "apa itu desmigratif")
    assert [reply["topic"] for reply in turn["replies"]] == ["desmigratif/what"]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\udcff\udcfe", "a" * 10_000, "paspor " * 1_400, "/restart", "/start x", "//",
        "batal", "hapus percakapan", "👍", "\u202e\u200b", "{{config}} ${x} %s %(x)s [[hotline:kp2mi]]", "a\nb\rc\td",
        "[paspor](topic)", "'; DROP TABLE chats; --",
    ],
)  # fmt: skip
def test_hostile_texts_get_a_reply(served: Desmi, text: str) -> None:
    (turn,) = served.json("ask", text)
    assert list(turn) == TURN
    assert turn["replies"]
    assert turn["danger"] is None
    if text.startswith("/"):
        assert turn["topic"] is None, "a command, never a payload"
        assert turn["replies"][0]["buttons"]


def test_a_payload_is_read_as_words(served: Desmi) -> None:
    (turn,) = served.json("ask", '/documents/passport{"place": "1"}')
    assert list(turn) == TURN
    assert turn["confidence"] < 1, "a payload would be understood with full confidence"
    assert turn["replies"]


def test_for_people(served: Desmi) -> None:
    result = served("ask", "cara bikin paspor gimana ya")
    assert result.exit_code == 0
    assert result.stdout.startswith("> cara bikin paspor gimana ya\n  [documents/passport ")
    assert "Sumber: " in result.stdout


def test_parse_keys(served: Desmi) -> None:
    entries = served.lines(
        "parse", given="cara bikin paspor gimana ya\ncari pusat desmigratif terdekat\nresep rendang\n"
    )
    for entry in entries:
        assert list(entry) == PARSE
        assert entry["topic"] in topics()
        assert 0 <= entry["confidence"] <= 1
        assert all(list(alternative) == ["topic", "confidence"] for alternative in entry["alternatives"])
        assert all(alternative["topic"] in topics() for alternative in entry["alternatives"])
    assert [entry["topic"] for entry in entries] == [
        "documents/passport",
        "task/find_centre",
        "bot/out_of_scope",
    ]
    assert entries[0]["danger"] is None


HOSTILE = (
    b"\n", b"  \n", b"\xff\xfe\n", b"\x00\n", b"a\x00b\n", b"a" * 10_000 + b"\n", b"/documents/passport{\"a\": 1}\n", b"/\n", b"\r\n",
    "a\u2028b\x0bc\x85d\n".encode(), b"NaN\n", b"saya dipukul majikan setiap hari\n", b"\x1b[31m\n",
)  # fmt: skip


def test_a_line_in_gives_a_line_out(served: Desmi) -> None:
    entries = served.lines("parse", given=b"".join(HOSTILE))
    assert len(entries) == len(HOSTILE)
    assert [entry["danger"] for entry in entries].count("help/abuse") == 1
    assert all(list(entry) == PARSE for entry in entries)
    assert entries[6]["confidence"] < 1, "a payload would be understood with full confidence"
    assert served.lines("parse", given=b"") == []


def test_parse_for_people(served: Desmi) -> None:
    result = served("parse", given="cara bikin paspor gimana ya\n")
    assert result.stdout.startswith("documents/passport ")


def test_evaluate(served: Desmi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = "text,topic,language,register\n"
    (tmp_path / "questions.csv").write_text(
        header
        + "cara bikin paspor gimana ya,documents/passport,id,plain\nsaya dipukul majikan,help/abuse,id,plain\n"
    )
    (tmp_path / "out_of_scope.csv").write_text("text\nresep rendang padang yang enak\n")
    (tmp_path / "lookalikes.csv").write_text("text\nbadminton smash dipukul keras\n")
    (tmp_path / "two_questions.csv").write_text("text,topics\nKTP dan KK beda nama,documents/data_mismatch\n")
    (tmp_path / "as_written.csv").write_text(
        "text,topic,also,danger\nmin paspor bikinnya dimana yah,documents/passport,documents/passport_cost,no\n"
        "tolong saya dikunci majikan di kamar,help/confined,,yes\nresep soto dong,bot/out_of_scope,,no\n"
    )
    (tmp_path / "follow_ups.yml").write_text(
        "conversations:\n- language: id\n  turns:\n  - {tap: documents/passport, topic: documents/passport}\n"
        '  - {text: "biayanya?", topic: documents/passport_cost, kind: follow_up}\n'
    )
    monkeypatch.setattr("cli.evaluate.sets.HELD_OUT", tmp_path)
    report = served.json("evaluate")
    assert report["overall"]["count"] == 2
    assert report["guard_recall"] == 1
    assert report["talks"]["follow_ups"] == report["talks"]["single"] == 1
    assert (
        report["as_written"]["right"]
        == report["as_written"]["rejected"]
        == report["as_written"]["noticed"]
        == 1
    )
    assert set(report["slices"]) == {"id", "plain"}
    assert "emergencies noticed" in served("evaluate").stdout


@pytest.mark.slow
def test_two_copies_side_by_side_without_running_servers(
    new_desmi: Callable[..., Desmi], filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [new_desmi(name, filled) for name in ("one", "two")]
    copies[1].env["secret_key"] = "kunci lain untuk salinan kedua"
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    both = [copy.process("ask", "--json", "cara bikin paspor gimana ya") for copy in copies]
    for copy, process in zip(copies, both, strict=True):
        code, out, err = copy.finish(process)
        assert code == 0, err
        (turn,) = strict(out)
        check_turn(turn)
        assert turn["topic"] == "documents/passport"
    assert not any("desmi" in path.name for path in (tmp_path / "scratch").iterdir()), (
        "nothing is left behind"
    )


def test_a_model_that_cannot_be_loaded_is_explained(
    desmi: Desmi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.model.MODELS", tmp_path)
    model_path().write_bytes(b"broken")
    result = desmi("ask", "--json", "halo")
    assert result.exit_code == 1
    assert "rasa could not load the model" in result.stderr


def test_doctor_finds_the_servers_well(served: Desmi) -> None:
    result = served("doctor", "--json")
    findings = {finding["name"]: finding for finding in strict(result.stdout)}
    assert findings["rasa"]["ok"]
    assert findings["actions"]["ok"]
    assert not findings["telegram"]["ok"]
    assert result.exit_code == 1
