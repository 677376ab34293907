"""Answer files: an answer put back into `domain/answers/` in the form in which editors write it, and as a diff."""

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from core.answers import PREFIX, Answer, AnswerError
from core.replies import Source
from core.settings import ROOT

FOLDER = ROOT / "domain" / "answers"

_HEAD = re.compile(rf"^  {PREFIX}(\S+):\s*$", re.MULTILINE)


def _quoted(text: str) -> str:
    # a JSON string is a YAML string in double quotes
    return json.dumps(text, ensure_ascii=False)


def _text(text: str, depth: int) -> list[str]:
    return [f"{' ' * depth}{line}".rstrip() for line in text.splitlines()]


def _sources(sources: Sequence[Source], depth: int) -> list[str]:
    space = " " * depth
    if not sources:
        return [f"{space}sources: []"]
    lines = [f"{space}sources:"]
    for source in sources:
        lines.append(f"{space}  - title: {_quoted(source.title)}")
        lines += [
            f"{space}    {name}: {_quoted(getattr(source, name))}" for name in ("publisher", "url", "date")
        ]
    return lines


def block(answer: Answer) -> str:
    """The answer as it stands in its file, two spaces deep, with a line feed at the end."""
    lines = [f"  {PREFIX}{answer.topic}:", "    - text: |-", *_text(answer.text, 8), "      metadata:"]
    lines += _sources(answer.sources, 8)
    if answer.by_country:
        lines.append("        by_country:")
    for country, part in answer.by_country.items():
        lines += [f"          {country}:", "            text: |-", *_text(part.text, 14)]
        lines += _sources(part.sources, 12)
    if answer.numbers_first:
        lines.append(f"        numbers_first: [{', '.join(answer.numbers_first)}]")
    lines.append(f"        checked: {_quoted(answer.checked)}")
    lines.append(f"        review_by: {_quoted(answer.review_by)}")
    lines.append(f"        related: [{', '.join(answer.related)}]")
    return "\n".join(lines) + "\n"


def replaced(text: str, answer: Answer) -> str:
    """A file's text with one of its answers changed, everything else byte by byte as it was.

    Raises:
        AnswerError: The file does not hold the answer.
    """
    heads = list(_HEAD.finditer(text))
    for place, head in enumerate(heads):
        if head[1] == answer.topic:
            end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
            old = text[head.start() : end].rstrip("\n")
            # blank lines between answers belong to the file's form
            return text[: head.start()] + block(answer).rstrip("\n") + text[head.start() + len(old) :]
    raise AnswerError(f"{answer.topic}: not in this file")


def file_of(topic: str, folder: Path = FOLDER) -> Path:
    """The file that holds a topic's answer; raises `AnswerError` where none does."""
    for path in sorted(folder.glob("*.yml")):
        if any(head[1] == topic for head in _HEAD.finditer(path.read_text("utf-8"))):
            return path
    raise AnswerError(f"{topic}: no file in domain/answers holds it")


def diff(answers: Iterable[Answer], folder: Path = FOLDER) -> str:
    """A unified diff from the files to these answers, for `git apply` in the project's folder; empty without a change."""
    new: dict[Path, str] = {}
    for answer in answers:
        path = file_of(answer.topic, folder)
        new[path] = replaced(new.get(path) or path.read_text("utf-8"), answer)
    lines: list[str] = []
    for path, text in sorted(new.items()):
        name = f"domain/answers/{path.name}"
        old = path.read_text("utf-8")
        lines += difflib.unified_diff(
            old.splitlines(keepends=True), text.splitlines(keepends=True), f"a/{name}", f"b/{name}"
        )
    return "".join(lines)
