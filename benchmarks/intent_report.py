"""Scores of intent classifiers with their uncertainty, as a Markdown page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.intent_sets import Split
from benchmarks.pipelines import OURS, Configuration
from cli.evaluate.scores import macro_f1, rejected_at_loss

PAGE = Path(__file__).parents[1] / "docs" / "reports" / "public_sets.md"
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Result:
    """What a configuration said of a split: the best intent of each test sentence, the confidence in the best of
    each test and then each outside sentence, and the seconds that training took.
    """

    name: str
    split: Split
    guesses: Sequence[str]
    confidences: Sequence[float]
    seconds: float

    @property
    def inside(self) -> np.ndarray:
        """Confidence of the test sentences."""
        return np.asarray(self.confidences[: len(self.split.test)])

    @property
    def outside(self) -> np.ndarray:
        """Confidence of the sentences whose intent was held out."""
        return np.asarray(self.confidences[len(self.split.test) :])

    @property
    def right(self) -> np.ndarray:
        """1 for each test sentence understood, else 0."""
        return np.array([e.intent == g for e, g in zip(self.split.test, self.guesses, strict=True)], float)


def _accuracy(result: Result) -> float:
    return float(result.right.mean())


def _macro_f1(result: Result) -> float:
    return macro_f1([(e.intent, g) for e, g in zip(result.split.test, result.guesses, strict=True)])


def _auroc(result: Result) -> float:
    return area(result.inside, result.outside)


def _rejected(result: Result) -> float:
    return rejected_at_loss((-result.inside).tolist(), (-result.outside).tolist())


FIGURES: tuple[tuple[str, Callable[[Result], float]], ...] = (
    ("accuracy", _accuracy),
    ("macro-F1", _macro_f1),
    ("AUROC, out of scope", _auroc),
    ("rejected at 5 % refused", _rejected),
)


def area(inside: np.ndarray, outside: np.ndarray) -> float:
    """Probability that an in-scope sentence has more confidence than one out of scope (ties count half)."""
    if not len(inside) or not len(outside):
        return float("nan")
    ranked = np.sort(outside)
    below, up_to = (np.searchsorted(ranked, inside, side) for side in ("left", "right"))
    return float((below + up_to).mean() / (2 * len(outside)))


def interval(ours: Sequence[Result], theirs: Sequence[Result]) -> tuple[float, float, float]:
    """Our accuracy less theirs: its mean over the seeds and the ends of its 95 % interval.

    Bootstrap over sentences; one that occurs in several splits, or twice, is drawn with all of its places.
    """
    gains: dict[str, list[float]] = {}
    for mine, other in zip(ours, theirs, strict=True):
        for example, gain in zip(mine.split.test, mine.right - other.right, strict=True):
            gains.setdefault(example.text.lower(), []).append(gain)
    sums, counts = (np.array([how(values) for values in gains.values()]) for how in (sum, len))
    drawn = np.random.default_rng(1).integers(0, len(sums), (_RESAMPLES, len(sums)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(sums.sum() / counts.sum()), float(low), float(high)


def line(result: Result) -> str:
    """One result in one line."""
    figures = ", ".join(f"{name} {how(result):.3f}" for name, how in FIGURES)
    return (
        f"{result.split.set_name}, seed {result.split.seed}, {result.name}: {figures}; {result.seconds:.0f} s"
    )


def _table(results: Sequence[Result], configurations: Sequence[Configuration]) -> str:
    by_name = {c.name: [r for r in results if r.name == c.name] for c in configurations}
    head = ["", *(name for name, _ in FIGURES), f"{OURS}'s accuracy less its", "training, s"]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for name, own in by_name.items():
        values = [f"{np.mean([how(r) for r in own]):.3f}" for _, how in FIGURES]
        gain = "" if name == OURS else "{:+.3f} ({:+.3f} to {:+.3f})".format(*interval(by_name[OURS], own))
        rows.append([name, *values, gain, f"{np.mean([r.seconds for r in own]):.0f}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _verdict(results: Sequence[Result], configurations: Sequence[Configuration]) -> str:
    """For each figure, which configurations are above ours."""
    said = []
    for figure, how in FIGURES:
        means = {
            c.name: float(np.mean([how(r) for r in results if r.name == c.name])) for c in configurations
        }
        above = {n: m for n, m in means.items() if round(m, 3) > round(means[OURS], 3)}
        names = ", ".join(f"{n} ({m:.3f})" for n, m in sorted(above.items(), key=lambda item: -item[1]))
        said.append(
            f"- {figure}: {OURS} {means[OURS]:.3f}, " + (f"**below** {names}" if above else "at or above all")
        )
    return "\n".join(said)


def _section(results: Sequence[Result], configurations: Sequence[Configuration]) -> str:
    splits = {r.split.seed: r.split for r in results}
    sizes = "; ".join(
        f"seed {s.seed}: {len(s.train)} to learn from ({len({e.intent for e in s.train})} intents), {len(s.test)} "
        f"tests, {len(s.outside)} of the intents held out ({', '.join(sorted({e.intent for e in s.outside}))})"
        for s in splits.values()
    )
    return (
        f"## {results[0].split.set_name}\n\n{sizes}. Means of {len(splits)} splits.\n\n"
        f"{_table(results, configurations)}\n\n{_verdict(results, configurations)}\n"
    )


def page(results: Sequence[Result], configurations: Sequence[Configuration]) -> str:
    """The whole page."""
    names = list(dict.fromkeys(r.split.set_name for r in results))
    sections = [_section([r for r in results if r.split.set_name == n], configurations) for n in names]
    what = "\n".join(f"- **{c.name}**: {c.what}" for c in configurations)
    return _PAGE.format(
        date=datetime.now(UTC).date().isoformat(), what=what, sections="\n".join(sections), ours=OURS
    )


_PAGE = """\
# Other people's intents

Written by `python -m benchmarks.public_sets --write` on {date}. How it is measured, where the sentences come from and
what of {ours} is left out: [benchmarks](../../benchmarks/README.md). One run, every pipeline on the same splits.

{what}

"AUROC" and "rejected" say how well the confidence in the best intent tells sentences of intents that nobody trained from
the others: 1 is perfect, .5 is chance; and the share rejected where 5 % of the in-scope ones are refused. The differences
in accuracy have a 95 % interval (bootstrap over sentences). Time to train: beside other work on the machine, so rough.

{sections}"""
