"""Charts as SVG, drawn on the server: readable without colour, without script, with every number as text."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH = 640
_LABEL, _BAR, _ROW = 250, 310, 26  # pixels: label column, longest bar, height of a row
_HIDDEN_PX = 14
"""Length of a bar whose number is hidden: hatched, the same for all."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number with its label; `size` is None where it is hidden, `text` is what is written beside it."""

    label: str
    size: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a map, degrees."""

    lat: float
    lon: float
    value: Value


def _svg(name: str, title: str, width: int, height: int, body: Markup) -> Markup:
    """The frame: a title for screen readers, and the hatch by which hidden numbers are known."""
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{name}-title" viewBox="0 0 {width} {height}" '
        'width="{width}" height="{height}"><title id="{name}-title">{title}</title>'
        '<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M0 0v6" stroke-width="3"/></pattern></defs>'
        "{body}</svg>"
    ).format(name=name, title=title, width=width, height=height, body=body)


def _rect(name: str, value: Value, x: float, y: float, width: float, height: float) -> Markup:
    hidden = value.size is None
    return Markup('<rect class="{kind}" {fill}x="{x}" y="{y}" width="{width}" height="{height}"/>').format(
        kind="covered" if hidden else "bar",
        fill=Markup('fill="url(#{}-hatch)" ').format(name) if hidden else "",
        x=round(x, 1),
        y=round(y, 1),
        width=round(width, 1),
        height=round(height, 1),
    )


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> Markup:
    return Markup('<text x="{x}" y="{y}" text-anchor="{anchor}"{kind}>{text}</text>').format(
        x=round(x, 1),
        y=round(y, 1),
        anchor=anchor,
        kind=Markup(' class="{}"').format(kind) if kind else "",
        text=text,
    )


def _most(values: Sequence[Value]) -> float:
    return max([value.size or 0 for value in values] + [1])


def _short(label: str, letters: int) -> str:
    return label if len(label) <= letters else label[: letters - 1].rstrip() + "…"


def bars(name: str, title: str, values: Sequence[Value]) -> Markup:
    """One bar a value, below each other, the label before it and the number after it."""
    most, body = _most(values), Markup()
    for place, value in enumerate(values):
        y = place * _ROW + 4
        length = _HIDDEN_PX if value.size is None else value.size / most * _BAR
        body += _text(_LABEL - 8, y + 14, _short(value.label, 34), "end")
        body += _rect(name, value, _LABEL, y, length, _ROW - 8)
        body += _text(_LABEL + length + 6, y + 14, value.text, kind="number")
    return _svg(name, title, _WIDTH, len(values) * _ROW + 8, body)


def columns(name: str, title: str, values: Sequence[Value]) -> Markup:
    """One column a value, side by side; the first, the last and the highest are labelled."""
    most, height, top, body = _most(values), 120, 18, Markup()
    step = _WIDTH / max(len(values), 1)
    for place, value in enumerate(values):
        tall = _HIDDEN_PX if value.size is None else value.size / most * height
        if tall:
            body += _rect(name, value, place * step, top + height - tall, max(step - 1.5, 1), tall)
    body += Markup('<path class="axis" d="M0 {y}h{w}"/>').format(y=top + height, w=_WIDTH)
    if values:
        body += _text(0, top + height + 16, values[0].label)
        body += _text(_WIDTH, top + height + 16, values[-1].label, "end")
        highest = max(range(len(values)), key=lambda place: values[place].size or 0)
        if values[highest].size:
            x = highest * step + step / 2
            anchor = "start" if x < 60 else "end" if x > _WIDTH - 60 else "middle"
            body += _text(x, top - 5, f"{values[highest].text} ({values[highest].label})", anchor, "number")
    return _svg(name, title, _WIDTH, top + height + 24, body)


def line(name: str, title: str, values: Sequence[Value]) -> Markup:
    """Shares (0 to 1) one after the other: a line with a mark and the number at each."""
    height, top, left = 120, 26, 24
    step = (_WIDTH - 2 * left) / max(len(values) - 1, 1)
    low = min([value.size or 0 for value in values] + [1])
    span = max(1 - low, 0.02)
    points = [
        (left + place * step, top + (1 - (value.size or 0)) / span * height)
        for place, value in enumerate(values)
    ]
    body = Markup('<polyline class="line" points="{}"/>').format(
        " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    )
    for place, ((x, y), value) in enumerate(zip(points, values, strict=True)):
        body += Markup('<rect class="bar" x="{}" y="{}" width="8" height="8"/>').format(
            round(x - 4, 1), round(y - 4, 1)
        )
        if len(values) <= 12 or place in (0, len(values) - 1):
            body += _text(x, y - 9, value.text, "middle", "number")
            body += _text(x, top + height + 24, value.label, "middle")
    return _svg(name, title, _WIDTH, top + height + 32, body)


_WEST, _EAST, _SOUTH, _NORTH = 94.5, 141.5, -11.5, 6.5  # Indonesia, degrees
_MAP_WIDTH = 960
_SCALE = _MAP_WIDTH / (_EAST - _WEST)
_MAP_HEIGHT = round((_NORTH - _SOUTH) * _SCALE)


def _at(lat: float, lon: float) -> tuple[float, float]:
    return round((lon - _WEST) * _SCALE, 1), round((_NORTH - lat) * _SCALE, 1)


def _dots(kind: str, points: Sequence[tuple[float, float]]) -> Markup:
    # a round cap on a line without length is a point: one path for all
    return Markup('<path class="{}" d="{}"/>').format(
        kind, "".join("M{} {}h0".format(*_at(*p)) for p in points)
    )


def pins(
    name: str, title: str, ground: Sequence[tuple[float, float]], points: Sequence[tuple[float, float]]
) -> Markup:
    """A map of places (lat, lon) on the ground's points, which make the shape of the country."""
    return _svg(name, title, _MAP_WIDTH, _MAP_HEIGHT, _dots("ground", ground) + _dots("pin", points))


def spots(name: str, title: str, ground: Sequence[tuple[float, float]], marks: Sequence[Spot]) -> Markup:
    """A map: a point for each (lat, lon) of the ground, a circle by size for each mark.

    The ground's points make the shape of the country. The first twelve circles are numbered in the order of the
    marks, as the table beside them is; hidden numbers have a hatched circle of one size.
    """
    body = _dots("ground", ground)
    most = _most([mark.value for mark in marks])
    for place, mark in enumerate(marks):
        x, y = _at(mark.lat, mark.lon)
        hidden = mark.value.size is None
        radius = 6 if mark.value.size is None else 4 + 22 * (mark.value.size / most) ** 0.5
        body += Markup('<circle class="{}" {}cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
            "covered" if hidden else "spot",
            Markup('fill="url(#{}-hatch)" ').format(name) if hidden else "",
            x, y, round(radius, 1), f"{mark.value.label}: {mark.value.text}",
        )  # fmt: skip
        if place < 12 and not hidden:
            body += _text(x, y + 4, str(place + 1), "middle", "number")
    return _svg(name, title, _MAP_WIDTH, _MAP_HEIGHT, body)
