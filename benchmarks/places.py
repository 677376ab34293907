"""Time and memory of the place look-up: `python -m benchmarks.places`."""

import csv
import resource
import statistics
import time
from pathlib import Path

from core.centres import read_centres
from core.gazetteer import Gazetteer, read_areas
from core.place_text import load_aliases
from core.places import PlaceFinder

ROOT = Path(__file__).parents[1]
ROUNDS = 20


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    before = peak_mb()
    start = time.perf_counter()
    gazetteer = Gazetteer.from_areas(read_areas(ROOT / "content" / "geography"))
    read = time.perf_counter()
    centres = read_centres(ROOT / "content" / "centres.csv")
    aliases = load_aliases(ROOT / "content" / "place_aliases.yml")
    loaded = time.perf_counter()
    finder = PlaceFinder(gazetteer, aliases, [centre.area_code for centre in centres])
    built = time.perf_counter()
    print(
        f"areas read in {read - start:.2f} s, words in {loaded - read:.2f} s, index in {built - loaded:.2f} s"
    )
    print(f"memory {peak_mb() - before:.0f} MB (peak {peak_mb():.0f} MB)")
    with (ROOT / "tests" / "places" / "cases.csv").open(encoding="utf-8", newline="") as lines:
        texts = [case["text"] for case in csv.DictReader(lines)]
    for asked in (False, True):
        for label, rounds in (("first", 1), ("repeated", ROUNDS)):
            times = []
            for _ in range(rounds):
                for text in texts:
                    begun = time.perf_counter()
                    finder.find(text, asked=asked)
                    times.append((time.perf_counter() - begun) * 1000)
            p95 = statistics.quantiles(times, n=20)[-1]
            print(
                f"asked={asked}, {label} look-ups: p50 {statistics.median(times):.2f} ms,"
                f" p95 {p95:.2f} ms, longest {max(times):.2f} ms"
            )


if __name__ == "__main__":
    main()
