"""How long reading a message takes, Rasa's default pipeline beside Desmi's: `make parse-time`.

Both are trained on our sentences and loaded in fresh processes; each message goes to all of them before the next one,
in changing order. No message comes twice, so nothing is answered from memory. `--write` makes docs/reports/parse_time.md.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from benchmarks.report import machine, percentile
from cli.model import model_path, train
from core.settings import ROOT

PAGE = ROOT / "docs" / "reports" / "parse_time.md"
WORK = ROOT / "var" / "benchmark" / "parse_time"
BOTH = ROOT / ".venv-benchmark" / "bin" / "python"
RASA = ROOT / ".venv-rasa" / "bin" / "python"
GOAL = 1.5
"""Desmi's median may be so many times the default's."""
LANGUAGE = "id"


@dataclass
class System:
    """A model in a process of its own, and what was measured of it."""

    name: str
    python: Path
    model: Path
    times: list[dict[str, float]] = field(default_factory=list)

    def start(self) -> None:
        """Load the model; only one process loads at a time."""
        print(f"Loading {self.name} ...", file=sys.stderr, flush=True)
        command = [str(self.python), "-m", "benchmarks.parse_worker", "parse", str(self.model)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        self.start_s = self._answer()

    def ask(self, text: str) -> None:
        """Parse one message."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        self.times.append(self._answer())

    def stop(self) -> None:
        """End the process."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=30)

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("{"):
                return dict(json.loads(line))
        raise SystemExit(
            f"{self.name}: the process ended. Run {self.python} -m benchmarks.parse_worker to see why."
        )

    def figures(self) -> dict[str, float]:
        """What the report shows: milliseconds, seconds, MB."""
        clock, processor = ([t[key] for t in self.times] for key in ("ms", "cpu_ms"))
        return {
            "median, ms": statistics.median(clock),
            "p95, ms": percentile(clock, 0.95),
            "median of the processor's time, ms": statistics.median(processor),
            "p95 of the processor's time, ms": percentile(processor, 0.95),
            "importing Rasa, s": self.start_s["import_s"],
            "loading the model, s": self.start_s["load_s"],
            "memory at the end, MB": self.times[-1]["memory_mb"],
        }


def default_config(epochs: int) -> dict[str, Any]:
    """Rasa's own default pipeline for NLU, as `rasa train` takes it where a project names none."""
    answer = subprocess.run(
        [str(BOTH), "-c", "import rasa, pathlib; print(pathlib.Path(rasa.__file__).parent)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    file = Path(answer.stdout.strip()) / "engine" / "recipes" / "config_files" / "default_config.yml"
    config: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    for part in config["pipeline"]:
        if "epochs" in part:
            part["epochs"] = epochs
    return {**config, "language": LANGUAGE, "policies": []}


def default_model(epochs: int) -> Path:
    """The trained default pipeline; kept for the next time."""
    model = WORK / f"default-{epochs}.tar.gz"
    if not model.exists():
        print(
            f"Training the default pipeline, {epochs} epochs: many minutes, once ...",
            file=sys.stderr,
            flush=True,
        )
        WORK.mkdir(parents=True, exist_ok=True)
        config = WORK / "default.yml"
        config.write_text(yaml.safe_dump(default_config(epochs), sort_keys=False), "utf-8")
        command = [str(BOTH), "-m", "benchmarks.parse_worker", "train", str(config), str(model)]
        subprocess.run(command, check=True, cwd=ROOT)
    return model


def messages(count: int, seed: int) -> list[str]:
    """Different sentences of our training data, of every theme, drawn at random."""
    found = {
        line.strip()[2:].strip()
        for path in sorted((ROOT / "nlu").glob("*.yml"))
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        if "intent" in entry
        for line in entry["examples"].splitlines()
        if line.strip()
    }
    return random.Random(seed).sample(sorted(found), count)


def page(systems: Sequence[System], texts: Sequence[str], epochs: int, seed: int) -> str:
    base = systems[0].figures()
    columns = [system.figures() for system in systems]
    rows = [["", *(system.name for system in systems)], ["---", *["---:"] * len(systems)]]
    for name, value in base.items():
        cells = [f"{c[name]:.1f} ({c[name] / value:.2f})" for c in columns[1:]]
        rows.append([name, f"{value:.1f}", *cells])
    words = [len(text.split()) for text in texts]
    ratios = [c["median, ms"] / base["median, ms"] for c in columns[1:]]
    verdict = "; ".join(
        f"{system.name}: {ratio:.2f} times, {'under' if ratio < GOAL else '**not under**'} {GOAL}"
        for system, ratio in zip(systems[1:], ratios, strict=True)
    )
    return _PAGE.format(
        date=datetime.now(UTC).date().isoformat(),
        machine=machine(),
        count=len(texts),
        seed=seed,
        median=statistics.median(words),
        longest=max(words),
        epochs=epochs,
        table="\n".join(f"| {' | '.join(row)} |" for row in rows),
        verdict=verdict,
    )


_PAGE = """\
# How long reading a message takes

Written by `python -m benchmarks.parse_time --write` on {date}; see [benchmarks](../../benchmarks/README.md).

- Machine: {machine}.
- {count} different messages (median {median:.0f} words, longest {longest}), drawn from our training sentences with seed {seed}.
- `Agent.parse_message` in fresh processes, one message after the other, each to all systems in changing order. Before the
  first one counted "halo" was parsed. Brackets: as a multiple of the default.
- "Default": the pipeline that Rasa takes where a project names none (DIET, ResponseSelector, FallbackClassifier), trained on
  our sentences and answers; {epochs} epochs, which changes what it says and not how long it takes.

{table}

Median by the clock, Desmi to the default: {verdict}.
"""


def main() -> None:
    """Train what is missing, measure, print the page or write it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parse_time", description=__doc__)
    parser.add_argument("--messages", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--epochs", type=int, default=1, help="of the default pipeline; time does not depend on them"
    )
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    chosen = parser.parse_args()
    train()
    texts = messages(chosen.messages, chosen.seed)
    systems = [
        System("Default", BOTH, default_model(chosen.epochs)),
        System("Desmi, same environment", BOTH, model_path()),
        System("Desmi as it runs, without TensorFlow", RASA, model_path()),
    ]
    for system in systems:
        system.start()
    order = random.Random(chosen.seed)
    for number, text in enumerate(texts, 1):
        for system in order.sample(systems, len(systems)):
            system.ask(text)
        if number % 40 == 0:
            print(f"{number} of {len(texts)} messages", file=sys.stderr, flush=True)
    for system in systems:
        system.stop()
    text = page(systems, texts, chosen.epochs, chosen.seed)
    if chosen.write:
        PAGE.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
