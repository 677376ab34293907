"""The learnt as a change of the project's files: a unified diff, and a branch where the project is a Git repository."""

import difflib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from core import plain_yaml
from core.settings import ROOT
from core.storage.learning import Correction

PLACES = "content/place_aliases.yml"
COUNTRIES = "content/countries.yml"


class ExportError(ValueError):
    """A file is not in the form that a sentence can be added to; the message says which."""


def changed(rows: Iterable[Correction], root: Path = ROOT) -> dict[str, str]:
    """The files that corrections change: path in the project and new text.

    Raises:
        ExportError: A topic or a country has no entry to add to.
    """
    files: dict[str, str] = {}
    for row in rows:
        name = target(row)
        text = files[name] if name in files else (root / name).read_text("utf-8")
        files[name] = _added(text, row, name)
    return files


def target(row: Correction) -> str:
    """The file that a correction is added to."""
    if row.kind == "topic":
        return f"nlu/{row.topic.partition('/')[0]}.yml"
    return PLACES if row.topic == "place" else COUNTRIES


def is_merged(row: Correction, root: Path = ROOT) -> bool:
    """Whether what an entity's correction says stands in its file already."""
    raw = plain_yaml.load((root / target(row)).read_text("utf-8"))
    if row.topic == "place":
        return row.value in raw["names"].get(row.text, ())
    return any(row.text in entry["names"] for entry in raw["countries"] if entry["id"] == row.value)


def _added(text: str, row: Correction, name: str) -> str:
    lines = text.splitlines(keepends=True)
    if row.kind == "topic":
        number = _end_of_topic(lines, row.topic)
        new = f"      - {row.text}\n"
    elif row.topic == "place":
        number = next((i + 1 for i, line in enumerate(lines) if line.rstrip() == "names:"), None)
        new = f'  {row.text}: ["{row.value}"]\n'
    else:
        entry = re.compile(rf"(- \{{id: {re.escape(row.value)},.*names: \[.*)\]\}}")
        found = next((i for i, line in enumerate(lines) if entry.match(line)), None)
        if found is not None:
            lines[found] = entry.sub(lambda m: f'{m[1]}, "{row.text}"]}}', lines[found])
            return "".join(lines)
        number, new = None, ""
    if number is None:
        raise ExportError(f"{name} has no entry for {row.topic} {row.value}".rstrip())
    return "".join([*lines[:number], new, *lines[number:]])


def _end_of_topic(lines: list[str], topic: str) -> int | None:
    """The line after the last sentence of a topic's own entry, which has no `metadata`."""
    head = [f"  - intent: {topic}", "    examples: |"]
    start = next((i for i in range(len(lines)) if [at.rstrip() for at in lines[i : i + 2]] == head), None)
    if start is None:
        return None
    end = start + 2
    while end < len(lines) and lines[end].startswith("      - "):
        end += 1
    return end


def diff(files: Mapping[str, str], root: Path = ROOT) -> str:
    """The change as a unified diff, to be applied with `git apply` or `patch -p1`."""
    parts: list[str] = []
    for name in sorted(files):
        old = (root / name).read_text("utf-8").splitlines(keepends=True)
        parts += difflib.unified_diff(old, files[name].splitlines(keepends=True), f"a/{name}", f"b/{name}")
    return "".join(parts)


def branch(files: Mapping[str, str], name: str, message: str, root: Path = ROOT) -> str | None:
    """Commit the change to a branch that holds nothing else, without touching the working files or what is checked out.

    Without a change the branch is deleted.

    Returns:
        The branch; None where there is none: no Git repository, no Git, no change, or the branch is checked out.
    """
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER")
           for key, value in (("NAME", "Desmi console"), ("EMAIL", "console@localhost"))}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        # an index of our own: what somebody has staged stays as it is
        env = {**os.environ, **who, "GIT_INDEX_FILE": str(Path(folder) / "index")}

        def run(*arguments: str, text: str | None = None) -> str:
            done = subprocess.run(  # noqa: S603 (arguments of ours alone)
                [git, *arguments], cwd=root, env=env, input=text, text=True, capture_output=True, check=True
            )
            return done.stdout.strip()

        try:
            if not files:
                run("branch", "-D", name)
                return None
            run("read-tree", "HEAD")
            for path, content in files.items():
                blob = run("hash-object", "-w", "--stdin", text=content)
                run("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
            commit = run("commit-tree", run("write-tree"), "-p", "HEAD", "-m", message)
            run("branch", "--force", name, commit)
        except (subprocess.CalledProcessError, OSError):
            return None
    return name
