"""The learnt sentences as files: what the next training reads, and what somebody may commit."""

import stat
import subprocess
from functools import partial
from pathlib import Path

import pytest

from core.keys import Keys
from core.learning import corrections, export, overlay, sentences
from core.learning.corrections import Part
from core.storage import Database
from tests.conftest import SECRET
from tests.core.learning.people import say, withdraw

LOST = "dompet isi paspor jatuh di kapal laut kemarin sore"
KEYS = Keys.from_secret(SECRET)
NLU = """version: "3.1"
nlu:
  - intent: documents/lost_passport
    metadata: {looks_like: help/confined}
    examples: |
      - kunci lemari paspor hilang
  - intent: documents/lost_passport
    examples: |
      - paspor hilang
  - intent: documents/work_visa
    examples: |
      - urus visa
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with training sentences, held-out ones and lists of places and countries."""
    root = tmp_path / "project"
    for name, text in {
        "nlu/documents.yml": NLU,
        "content/place_aliases.yml": 'names:\n  jkt: ["31"]\n',
        "content/countries.yml": "countries:\n- {id: KR, name: Korea Selatan, names: [korea, korsel]}\n",
        "tests/heldout/questions.csv": "text,topic,language,register\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.setattr(sentences, "NLU", root / "nlu")
    monkeypatch.setattr(sentences, "HELD_OUT", root / "tests" / "heldout")
    monkeypatch.setattr(export, "ROOT", root)
    for function in (export.changed, export.is_merged, export.diff, export.branch):
        monkeypatch.setattr(function, "__defaults__", (*(function.__defaults__ or ())[:-1], root))
    return root


async def _learn(database: Database, text: str = LOST, topic: str = "documents/lost_passport") -> int:
    message = await say(database, text)
    async with database.begin() as session:
        (made,) = await corrections.propose(session, message, [Part(text, topic)], "ani")
    assert made.state == "queued", made.refusal
    await overlay.teach(database, KEYS, [made.id])
    return made.id


async def test_learnt_sentences_stand_in_files_of_their_owner_alone(
    database: Database, project: Path, data_dir: Path
) -> None:
    await _learn(database)
    assert await overlay.rewrite(database, KEYS, data_dir) == 0
    path = data_dir / "learned" / "documents.yml"
    assert [(s.text, s.topic) for s in sentences.read_sentences(path)] == [(LOST, "documents/lost_passport")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_the_diff_applies(database: Database, project: Path, data_dir: Path) -> None:
    await _learn(database)
    message = await say(database, "saya di kampung dukuh mau ke negeri gingseng")
    async with database.begin() as session:
        place = await corrections.name_entity(session, message, "place", "kampung dukuh", "32.12", "ani")
    await overlay.teach(database, KEYS, [*await _learned(database), place.id])
    async with database.begin() as session:
        country = await corrections.name_entity(session, message, "country", "negeri gingseng", "KR", "ani")
    await overlay.teach(database, KEYS, [*await _learned(database), country.id])
    await overlay.rewrite(database, KEYS, data_dir)
    diff = data_dir / "learned" / "learned.diff"
    _git(project, "apply", str(diff))
    assert f"      - paspor hilang\n      - {LOST}\n" in (project / "nlu/documents.yml").read_text()
    assert '  kampung dukuh: ["32.12"]\n' in (project / "content/place_aliases.yml").read_text()
    assert 'names: [korea, korsel, "negeri gingseng"]}' in (project / "content/countries.yml").read_text()
    # once it is committed it is learnt from there
    await overlay.rewrite(database, KEYS, data_dir)
    assert not (data_dir / "learned" / "documents.yml").exists()
    assert diff.read_text() == ""
    assert await _learned(database) == []


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


async def _learned(database: Database) -> list[int]:
    async with database.read() as session:
        return [row.id for row in await corrections.listed(session, "learned")]


async def test_withdrawal_takes_the_sentence_out_of_files_and_diff(
    database: Database, project: Path, data_dir: Path
) -> None:
    await _learn(database)
    await overlay.rewrite(database, KEYS, data_dir)
    await withdraw(database)
    await overlay.rewrite(database, KEYS, data_dir)
    folder = data_dir / "learned"
    assert not list(folder.glob("*.yml"))
    assert not [path for path in folder.iterdir() if LOST in path.read_text()]


async def test_what_was_committed_and_then_withdrawn_is_left_out_of_the_training(
    database: Database, project: Path, data_dir: Path, tmp_path: Path
) -> None:
    await _learn(database)
    (project / "nlu/documents.yml").write_text(
        NLU.replace("paspor hilang\n", f"paspor hilang\n      - {LOST}\n")
    )
    assert await overlay.rewrite(database, KEYS, data_dir) == 0
    await withdraw(database)
    assert await overlay.rewrite(database, KEYS, data_dir) == 1
    left_out = overlay.withdrawn(data_dir)
    assert left_out == {overlay.mark(KEYS, LOST)}
    staged = tmp_path / "staged"
    staged.mkdir()
    overlay.stage(project / "nlu", staged, KEYS, left_out)
    assert (staged / "documents.yml").read_text() == NLU


async def test_a_branch_holds_the_change_and_nothing_else(
    database: Database, project: Path, data_dir: Path
) -> None:
    git = partial(_git, project)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "-m", "first")
    (project / "nlu/documents.yml").write_text(NLU)
    await _learn(database)
    await overlay.rewrite(database, KEYS, data_dir)
    assert git("diff", "--name-only", "main", overlay.BRANCH).split() == ["nlu/documents.yml"]
    assert git("status", "--porcelain") == ""
    await withdraw(database)
    await overlay.rewrite(database, KEYS, data_dir)
    assert git("branch", "--list", overlay.BRANCH) == ""


def test_a_topic_without_an_entry_is_named(project: Path) -> None:
    row = overlay.Correction(kind="topic", topic="documents/moon", text="a", value="")
    with pytest.raises(export.ExportError, match="documents/moon"):
        export.changed([row])
