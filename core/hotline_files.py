"""Hotlines put back into `content/hotlines.yml` in the form in which editors write it, and as a diff."""

import difflib
import json
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from core.hotlines import HOTLINES, Hotline

Changes = Mapping[str, Hotline | None]
"""Lines by id as they are to be; None where a line is to go."""

_HEAD = re.compile(r"^- id: (\S+)$", re.MULTILINE)
_COUNTRY = re.compile(r'^  country: "(.*)"$', re.MULTILINE)


def _quoted(text: str) -> str:
    # a JSON string is a YAML string in double quotes
    return json.dumps(text, ensure_ascii=False)


def block(line: Hotline) -> str:
    """The entry as it stands in the file, with a line feed at the end."""
    source = line.source
    return (
        f"- id: {line.id}\n"
        f"  name: {_quoted(line.name)}\n"
        f"  country: {_quoted(line.country)}\n"
        f"  kind: {line.kind}\n"
        f"  numbers: [{', '.join(map(_quoted, line.numbers))}]\n"
        f"  channel: {line.channel}\n"
        f"  hours: {_quoted(line.hours)}\n"
        f"  languages: [{', '.join(map(_quoted, line.languages))}]\n"
        f"  topics: [{', '.join(line.topics)}]\n"
        f"  seen: {_quoted(line.seen)}\n"
        "  source:\n"
        f"    title: {_quoted(source.title)}\n"
        f"    publisher: {_quoted(source.publisher)}\n"
        f"    url: {_quoted(source.url)}\n"
        f"    date: {_quoted(source.date)}\n"
        f"  note: {_quoted(line.note)}\n"
    )


def changed(text: str, changes: Changes) -> str:
    """The file's text with these lines changed, added or gone, everything else byte by byte as it was.

    A new line stands after the last one of its country, or at the end.
    """
    heads = list(_HEAD.finditer(text))
    edges = [*(head.start() for head in heads), len(text)]
    blocks = [(head[1], text[start:end]) for head, (start, end) in zip(heads, pairwise(edges), strict=True)]
    there = {name for name, _block in blocks}
    kept = [(name, _of(changes, name, old)) for name, old in blocks]
    kept = [(name, entry) for name, entry in kept if entry]
    for name, line in changes.items():
        if line is not None and name not in there:
            same = [i for i, (_name, entry) in enumerate(kept) if _country(entry) == line.country]
            kept.insert(same[-1] + 1 if same else len(kept), (name, block(line)))
    return text[: edges[0]] + "".join(entry for _name, entry in kept)


def _of(changes: Changes, name: str, old: str) -> str:
    if name not in changes:
        return old
    line = changes[name]
    return "" if line is None else block(line)


def _country(entry: str) -> str:
    found = _COUNTRY.search(entry)
    return found[1] if found else ""


def diff(changes: Changes, path: Path = HOTLINES) -> str:
    """A unified diff from the file to these lines, for `git apply` in the project's folder; empty without a change."""
    old, name = path.read_text("utf-8"), "content/hotlines.yml"
    new = changed(old, changes)
    return "".join(
        difflib.unified_diff(
            old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}"
        )
    )
