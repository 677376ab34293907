"""How long the emergency guard takes for a message: `python -m benchmarks.guard`, a quarter of a minute.

The messages are those of `tests/safety`, and one long story. Times in milliseconds, one thread.
"""

import csv
import time
from pathlib import Path

from core.danger_model import DangerModel
from core.guard import MODELS, RULES, Guard

SAFETY = Path(__file__).resolve().parent.parent / "tests" / "safety"
STORY = "lalu kami menunggu kabar dari kantor, dan sampai sekarang belum ada jawaban dari siapa pun. " * 20


def _texts() -> list[str]:
    names = ("guard_danger.csv", "guard_lookalikes.csv")
    return [
        row["text"]
        for name in names
        for row in csv.DictReader((SAFETY / name).read_text("utf-8").splitlines())
    ]


def _share(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def _measure(name: str, guard: Guard) -> None:
    texts = _texts()
    guard.check(texts[0])
    times = []
    for text in texts:
        start = time.perf_counter()
        guard.check(text)
        times.append((time.perf_counter() - start) * 1000)
    start = time.perf_counter()
    guard.check(STORY)
    story = (time.perf_counter() - start) * 1000
    print(f"{name:28} p50 {_share(times, 0.5):6.2f}  p95 {_share(times, 0.95):6.2f}  story {story:7.1f}")


def main() -> None:
    """Prints the times of the rules alone, with the model by words, with the encoder, too."""
    newest = max(MODELS.glob("danger-*.npz"), key=lambda path: path.stat().st_mtime, default=None)
    _measure("rules alone", Guard.from_file(RULES))
    if newest is None:
        print("no danger model: run desmi train")
        return
    _measure("with the model, words alone", Guard.from_file(RULES, DangerModel.load(newest, encoder=False)))
    _measure("with the model and encoder", Guard.from_file(RULES, DangerModel.load(newest)))


if __name__ == "__main__":
    main()
