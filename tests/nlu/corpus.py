"""What is written in this project: sentences to learn from, and answers."""

from pathlib import Path

from core import plain_yaml

ROOT = Path(__file__).resolve().parents[2]


def load(path: Path) -> dict:
    return plain_yaml.load(path.read_text("utf-8"))


def answers() -> list[str]:
    return [
        variation["text"]
        for path in sorted((ROOT / "domain/answers").glob("*.yml"))
        for variations in load(path)["responses"].values()
        for variation in variations
        if variation.get("text")
    ]


def sentences() -> list[str]:
    return [
        line[2:].strip()
        for path in sorted((ROOT / "nlu").glob("*.yml"))
        for entry in load(path).get("nlu", [])
        if "examples" in entry
        for line in entry["examples"].splitlines()
        if line.startswith("- ")
    ]
