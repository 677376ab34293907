"""`desmi learn`: which candidates may be taken over, and which models one may go back to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli import learning, model
from cli.learning import LearningError
from core.keys import load_keys
from core.learning import candidates, corrections, export, overlay
from core.learning.corrections import Part
from core.learning.scores import Comparison
from core.learning.sentences import Sentence
from core.settings import Settings
from core.storage import Database
from core.storage.learning import Candidate
from tests.conftest import SettingsFactory
from tests.core.learning.people import say, withdraw

TEXT = "dompet isi paspor jatuh di kapal laut kemarin sore"
TOPIC = "documents/lost_passport"
FINE = Comparison((), (), (), ()).to_dict()


@pytest.fixture
def settings(
    settings_factory: SettingsFactory, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings with models of the test's own, and no branch in the developer's repository."""
    made = settings_factory(database_url=database_url)
    models = tmp_path / "models"
    models.mkdir()
    monkeypatch.setattr(model, "MODELS", models)
    monkeypatch.setattr(model, "settings", lambda: made)
    monkeypatch.setattr(export, "branch", lambda *_arguments: None)
    return made


@pytest.fixture
async def candidate(settings: Settings, database: Database, tmp_path: Path) -> Candidate:
    """A candidate that waits for a decision, made with one queued sentence; its model is an empty file."""
    message = await say(database, TEXT)
    async with database.begin() as session:
        (row,) = await corrections.propose(session, message, [Part(TEXT, TOPIC)], "ani")
    overlay.write(tmp_path / "tried", [Sentence(TEXT, TOPIC)])
    path = model.model_path(tmp_path / "tried")
    path.touch()
    async with database.begin() as session:
        made = Candidate(
            staff="ani",
            state="ready",
            base=model.fingerprint(),
            model=path.name,
            corrections=[row.id],
            report=FINE,
        )
        session.add(made)
        await session.flush()
    return made


async def _learned(database: Database) -> list[str]:
    async with database.read() as session:
        return [row.text for row in await corrections.listed(session, "learned")]


async def test_what_was_accepted_is_the_present_data_and_one_can_go_back(
    settings: Settings, database: Database, candidate: Candidate
) -> None:
    shipped = model.model_path()
    assert await learning.accept(settings, candidate.id) == candidate.model
    assert await _learned(database) == [TEXT]
    assert model.require_model().name == candidates.served(settings.data_dir) == candidate.model
    with pytest.raises(LearningError, match="no longer there"):
        await learning.go_back(settings, 0)
    shipped.touch()
    assert await learning.go_back(settings, 0) == shipped.name
    assert await _learned(database) == []
    assert model.require_model() == shipped
    assert await learning.go_back(settings, candidate.id) == candidate.model
    assert await _learned(database) == [TEXT]
    with pytest.raises(LearningError, match="none of the last"):
        await learning.go_back(settings, 77)


async def test_a_sentence_that_was_taken_back_cannot_come_back(
    settings: Settings, database: Database, candidate: Candidate
) -> None:
    model.model_path().touch()
    await learning.accept(settings, candidate.id)
    await learning.go_back(settings, 0)
    await withdraw(database)
    with pytest.raises(LearningError, match="withdrawn"):
        await learning.go_back(settings, candidate.id)
    await overlay.rewrite(database, load_keys(settings), settings.data_dir)
    assert not list((settings.data_dir / overlay.FOLDER).glob("*.yml"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: setattr(row, "state", "dropped"), "not_ready"),
        (lambda row: setattr(row, "report", {**FINE, "worse": ["emergencies"]}), "worse"),
        (lambda row: setattr(row, "base", "000000000000"), "changed"),
        (lambda row: setattr(row, "model", "desmi-gone.tar.gz"), "gone"),
        (lambda row: setattr(row, "corrections", [*row.corrections, 99]), "withdrawn"),
        (lambda row: setattr(row, "corrections", []), "changed"),
    ],
)
async def test_what_may_not_be_taken_over(
    settings: Settings,
    database: Database,
    candidate: Candidate,
    change: Callable[[Candidate], None],
    reason: str,
) -> None:
    async with database.begin() as session:
        change(await session.get_one(Candidate, candidate.id))
    with pytest.raises(LearningError, match=rf"\({reason}\)$"):
        await learning.accept(settings, candidate.id)
    assert await _learned(database) == []
    assert candidates.served(settings.data_dir) == ""
