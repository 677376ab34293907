"""The learnt sentences as files beside `nlu/`: what the next training reads, made anew from the database.

`<data folder>/learned/<theme>.yml` has the form of `nlu/<theme>.yml`; `withdrawn` has the marks of sentences in `nlu/`
that their writers took back. Both are part of a model's fingerprint. `learned.diff`, and the branch `desmi-learned` where
the project is a Git repository, have the same sentences as a change of `nlu/` for somebody to commit.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from core.keys import Keys
from core.learning import corrections, export
from core.learning.sentences import Sentence, plain, training
from core.storage import Database
from core.storage.learning import Correction, Taught

FOLDER = "learned"
WITHDRAWN = "withdrawn"
DIFF = "learned.diff"
BRANCH = "desmi-learned"
SERVED = "served"
"""File whose change tells the supervisor to serve the model of the present data."""


def mark(keys: Keys, text: str) -> bytes:
    """What stands for a sentence where it must be found again without being kept."""
    return keys.blind("taught", plain(text))


async def rewrite(database: Database, keys: Keys, data_dir: Path) -> int:
    """Bring the files up to date with the database; sentences of people who took their consent back go.

    Returns:
        How many sentences of `nlu/` are left out because they were taken back.
    """
    async with database.begin() as session:
        await corrections.purge(session)
        rows = await corrections.listed(session, "learned")
        in_nlu = {(plain(s.text), s.topic) for s in training()} if rows else set()
        sentences: list[Sentence] = []
        for row in rows:
            topical = row.kind == "topic"
            if (plain(row.text), row.topic) in in_nlu if topical else export.is_merged(row):
                row.state = "merged"  # somebody committed the diff
            elif topical:
                sentences.append(Sentence(row.text, row.topic))
        open_rows = [row for row in rows if row.state == "learned"]
        gone = set((await session.scalars(select(Taught.mark).where(Taught.correction.is_(None)))).all())
    present = {value for s in training() if (value := mark(keys, s.text)) in gone} if gone else set()
    folder = data_dir / FOLDER
    write(folder, sentences)
    _write(folder / WITHDRAWN, "".join(f"{value.hex()}\n" for value in sorted(present)))
    await asyncio.to_thread(_publish, folder, open_rows)
    return len(present)


def _publish(folder: Path, rows: list[Correction]) -> None:
    """Write the diff, and the branch when it changed."""
    files = export.changed(rows)
    text, path = export.diff(files), folder / DIFF
    if _write(path, text):
        export.branch(files, BRANCH, "Teach what staff corrected in the console")


def write(folder: Path, sentences: Iterable[Sentence]) -> None:
    """Write a file a theme, and delete those of themes without a sentence."""
    by_topic: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences:
        by_topic[sentence.topic].append(sentence.text)
    files: dict[str, str] = {}
    for topic in sorted(by_topic):
        lines = "".join(f"      - {text}\n" for text in by_topic[topic])
        head = 'version: "3.1"\nnlu:\n'
        theme = topic.partition("/")[0]
        files[theme] = files.get(theme, head) + f"  - intent: {topic}\n    examples: |\n{lines}"
    for path in folder.glob("*.yml"):
        if path.stem not in files:
            path.unlink()
    for theme, text in files.items():
        _write(folder / f"{theme}.yml", text)


def announce(data_dir: Path, model: str) -> None:
    """Tell the supervisor which model is to be served now."""
    _write(data_dir / FOLDER / SERVED, f"{model}\n")


def withdrawn(data_dir: Path) -> frozenset[bytes]:
    """Marks of the sentences that a training must leave out of `nlu/`."""
    path = data_dir / FOLDER / WITHDRAWN
    return frozenset(map(bytes.fromhex, path.read_text("ascii").split())) if path.exists() else frozenset()


def stage(source: Path, target: Path, keys: Keys, left_out: frozenset[bytes]) -> None:
    """Copy the files of `nlu/` without the sentences that were taken back."""
    for path in sorted(source.glob("*.yml")):
        kept = [
            line
            for line in path.read_text("utf-8").splitlines(keepends=True)
            if not (line.strip().startswith("- ") and mark(keys, line.strip()[2:]) in left_out)
        ]
        (target / path.name).write_text("".join(kept), "utf-8")


async def teach(database: Database, keys: Keys, learned: Iterable[int]) -> None:
    """Make these corrections learnt, and keep a mark of each sentence."""
    chosen = list(learned)
    async with database.begin() as session:
        await corrections.restore(session, chosen)
        for row in await session.scalars(select(Correction).where(Correction.id.in_(chosen))):
            if row.kind == "topic":
                await session.merge(Taught(mark=mark(keys, row.text), correction=row.id))


def _write(path: Path, text: str) -> bool:
    """Write whole or not at all, for the owner's eyes; False where it is so already."""
    if (path.read_text("utf-8") if path.exists() else "") == text:
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    part.replace(path)
    return True
