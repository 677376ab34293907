"""Pictures of a report: calibration and confusion, as SVG (matplotlib, of the development environment)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.evaluate.scores import Bin
from core.topics import OUT_OF_SCOPE, themes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_OUTSIDE = "out of scope"
_STYLE: Any = {"svg.hashsalt": "desmi", "svg.fonttype": "path", "font.size": 9}
"""Makes the same file of the same numbers."""


def draw_calibration(bins: Sequence[Bin], path: Path) -> None:
    """Confidence against accuracy: on the diagonal a confidence is worth what it says. Areas show the numbers."""
    from matplotlib import rc_context

    with rc_context(_STYLE):
        figure = _figure(4.5, 4.5)
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, zorder=1)
        most = max((b.count for b in bins), default=1)
        axes.scatter(
            [b.confidence for b in bins],
            [b.accuracy for b in bins],
            s=[20 + 300 * b.count / most for b in bins],
            color="tab:blue",
            zorder=2,
        )
        for b in bins:
            axes.annotate(str(b.count), (b.confidence, b.accuracy), (6, -9), textcoords="offset points")
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="confidence", ylabel="share right")
        _save(figure, path)


def draw_confusion(confusion: Mapping[str, Mapping[str, int]], path: Path) -> None:
    """What questions of each theme were taken for, in shares of the theme's; right topics count on the diagonal alone.

    Within a theme a wrong topic counts in the last column.
    """
    from matplotlib import rc_context

    names = [*themes(), _OUTSIDE]
    columns = [*names, "same theme,\nother topic"]
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for truth, found in confusion.items():
        for guess, number in found.items():
            inside = truth != guess and _theme(truth) == _theme(guess)
            counts[_theme(truth), columns[-1] if inside else _theme(guess)] += number
    rows = [name for name in names if any(counts[name, column] for column in columns)]
    shares = [
        [counts[r, c] / max(sum(counts[r, other] for other in columns), 1) for c in columns] for r in rows
    ]
    with rc_context(_STYLE):
        figure = _figure(8.5, 7.0)
        axes = figure.add_subplot()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for y, row in enumerate(shares):
            for x, value in enumerate(row):
                if value:
                    colour = "white" if value > 0.5 else "black"
                    axes.text(x, y, f"{100 * value:.0f}", ha="center", va="center", color=colour, fontsize=8)
        axes.set_xticks(range(len(columns)), columns, rotation=60, ha="right")
        axes.set_yticks(range(len(rows)), rows)
        axes.set(xlabel="taken for (percent of the row)", ylabel="theme of the question")
        _save(figure, path)


def _theme(topic: str) -> str:
    return _OUTSIDE if topic == OUT_OF_SCOPE else topic.partition("/")[0]


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _save(figure: "Figure", path: Path) -> None:
    figure.savefig(path, metadata={"Date": None})
