"""The dialogue engine's own record: opened by two at once, and forgotten without a trace in its files."""

import subprocess
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from cli.model import RASA_PYTHON, rasa_environment
from core.settings import ROOT

pytestmark = pytest.mark.rasa

OPEN = """
import asyncio, random, sys
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from nlu.components.tracker_store import EncryptedTrackerStore
store = EncryptedTrackerStore(Domain.empty(), host="sqlite:///" + sys.argv[1])
"""
TALK = """
chance = random.Random(5)
def letters(number):
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=number))
names = [letters(24) for _ in range(50)]
async def talk():
    for _ in range(8):
        for name in chance.sample(names, len(names)):
            said = [UserUttered(letters(chance.randint(20, 900))) for _ in range(chance.randint(1, 6))]
            tracker = await store.retrieve_full_tracker(name) or DialogueStateTracker(name, [])
            for event in said:
                tracker.update(event)
            await store.save(tracker)
asyncio.run(talk())
for name in names[:40]:
    store.forget(name)
print(*names)
"""


def _python(code: str, file: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [str(RASA_PYTHON), "-c", code, str(file)],
        cwd=ROOT,
        env={
            **rasa_environment(),
            "DESMI_STORAGE_KEY": Fernet.generate_key().decode(),
            "PYTHONPATH": str(ROOT),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_nothing_of_the_forgotten_is_left_in_the_files(tmp_path: Path) -> None:
    file = tmp_path / "rasa.db"
    out, err = _python(OPEN + TALK, file).communicate(timeout=300)
    names = out.split()
    assert len(names) == 50, err
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [name for name in names[:40] if name.encode() in raw] == []
    assert all(name.encode() in raw for name in names[40:])


def test_two_open_a_new_file_at_once(tmp_path: Path) -> None:
    both = [_python(OPEN, tmp_path / "rasa.db") for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0] * len(both), said
