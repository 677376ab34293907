"""What the trainings read: the sentences of `nlu/`, and the written answers."""

from pathlib import Path
from typing import Any

import yaml


def sentences(folder: Path) -> list[tuple[str, str]]:
    """(topic, sentence) of every training file."""
    found: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            if "intent" in entry:
                lines = [line.strip()[2:].strip() for line in entry["examples"].splitlines() if line.strip()]
                found += [(entry["intent"], line) for line in lines]
    return found


def answers(folder: Path) -> dict[str, Any]:
    """The written answers, from which the normaliser learns words too."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        found |= yaml.safe_load(path.read_text("utf-8"))["responses"]
    return found
