"""Plots as inline SVG: widths in percent and heights in em, so they grow with the reader's type; a table follows each."""

import hashlib
from collections.abc import Sequence

from markupsafe import Markup

from server.web.chartmarks import (
    LINE_STYLES,
    Number,
    Scale,
    Series,
    bar,
    below,
    curve,
    em,
    figure,
    known,
    legend,
    one_side,
    pick,
    points,
    style,
    text_lines,
    total,
    wrap,
)

__all__ = ["Number", "Series", "bars", "figure", "lines", "stacked"]


def bars(title: str, rows: Sequence[tuple[str, Number]], *, unit: str = "", uid: str = "") -> Markup:
    """One bar a row, its figure beside it; negative figures run to the left of the axis."""
    return stacked(title, [name for name, _ in rows], [Series("", [n for _, n in rows])], unit=unit, uid=uid)


def stacked(
    title: str, labels: Sequence[str], series: Sequence[Series], *, unit: str = "", uid: str = ""
) -> Markup:
    """One bar a label, made of one part a series; the row's sum stands at its end."""
    table = [[known(pick(each, row)) for each in series] for row in range(len(labels))]
    scale = _both_sides(table)
    many = len(series) > 1
    parts = [legend([each.name for each in series], 1.2)] if many else []
    top = 1.2 + (len(series) * 1.4 + 0.4 if many else 0.0)
    for label, row in zip(labels, table, strict=True):
        said = wrap(label, figure(total(row), unit))
        parts.append(text_lines(said, top))
        top += 1.35 * len(said)
        parts += bar(row, [f"{label} {each.name}".strip() for each in series], scale, top - 0.85, unit)
        top += 1.5
    if scale.low < 0:
        parts.append(_zero(scale.at(0), top))
    told = "；".join(f"{label} {figure(total(row), unit)}" for label, row in zip(labels, table, strict=True))
    return _svg(title, told, parts if labels else [], top - 1.2, uid)


def lines(
    title: str, labels: Sequence[str], series: Sequence[Series], *, unit: str = "", uid: str = ""
) -> Markup:
    """A line a series over the labels, left to right; a missing figure leaves a gap; zero is always on the scale."""
    rows = [[known(pick(each, i)) for i in range(len(labels))] for each in series]
    every = [number for row in rows for number in row if number is not None]
    many = len(series) > 1
    head = len(series) * 1.4 + 0.6 if many else 0.6
    height = head + 12.5
    scale = Scale(
        min([0.0, *every]), max([0.0, *every]), 100 * (1 - 2.4 / height), 100 * (head + 1.4) / height
    )
    across = [round(6 + 88 * i / max(1, len(labels) - 1), 2) for i in range(len(labels))]
    parts = [_axis(scale.at(0)), *below(labels, across, height)]
    if many:
        parts.append(legend([each.name for each in series], 1.2, dashed=True))
    for index, (each, row) in enumerate(zip(series, rows, strict=True)):
        look = style(index, LINE_STYLES)
        names = [f"{label} {each.name}：{figure(n, unit)}" for label, n in zip(labels, row, strict=True)]
        parts += curve(row, across, scale, look) + points(row, across, scale, names, look)
    told = "；".join(_told(each, labels, unit) for each in series)
    return _svg(title, told, parts if every else [], height, uid)


def _both_sides(table: Sequence[Sequence[float | None]]) -> Scale:
    """From the longest bar left of zero to the longest at its right."""
    left = min((one_side(row, -1) for row in table), default=0.0)
    return Scale(left, max((one_side(row, 1) for row in table), default=0.0), 0.0, 100.0)


def _zero(across: float, height: float) -> Markup:
    return Markup('<line class="axis" x1="{0}%" x2="{0}%" y1="0" y2="{1}em"/>').format(across, em(height))


def _axis(down: float) -> Markup:
    return Markup('<line class="axis" x1="0" x2="100%" y1="{0}%" y2="{0}%"/>').format(down)


def _told(series: Series, labels: Sequence[str], unit: str) -> str:
    told = "，".join(f"{label} {figure(pick(series, i), unit)}" for i, label in enumerate(labels))
    return f"{series.name}：{told}" if series.name else told


def _svg(title: str, told: str, parts: Sequence[Markup], height: float, uid: str) -> Markup:
    """The drawing with its title and its figures in words; ids come from the content unless given."""
    key = uid or hashlib.sha256(f"{title}{told}{height}".encode()).hexdigest()[:10]
    nothing = Markup('<text class="soft" x="0" y="1.2em">还没有数据</text>')
    return Markup(
        '<svg role="img" width="100%" height="{height}em" aria-labelledby="t-{key} d-{key}">'
        '<title id="t-{key}">{title}</title><desc id="d-{key}">{told}</desc>{body}</svg>'
    ).format(
        height=em(height if parts else 1.8),
        key=key,
        title=title,
        told=told if parts else "还没有数据",
        body=Markup("").join(parts) if parts else nothing,
    )
