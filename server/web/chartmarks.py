"""The strokes that plots are made of: figures in words, scales, bars, lines, dots and labels as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

Number = float | int | None
COLOURS = 6
LINE_STYLES = 4
WRAP = 12  # characters of a label that fit a narrow phone
EVERY_POINT = 6  # more points than this: only the highest and the last carry their figure
AXIS_WIDTH = 20  # em that a phone has for the labels under an axis
LATIN = 0x2E7F  # characters beyond it are as wide as they are high
LARGEST = 1e300  # figures beyond it, and what is not a number, cannot be drawn
EXACT = 1e15  # beyond it a float is no longer exact, so digits would lie


@dataclass(frozen=True)
class Series:
    """A named row of figures, one for each label; None where there is no figure."""

    name: str
    numbers: Sequence[Number]


@dataclass(frozen=True)
class Scale:
    """Turns figures between low and high into percents between start and end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, number: float) -> float:
        """The percent for this figure; the start where the figures are all one."""
        span = self.high - self.low
        share = (number - self.low) / span if span else 0.0
        return round(self.start + (self.end - self.start) * share, 2)


def figure(number: Number, unit: str = "") -> str:
    """A figure in words: thousands apart, two decimals at most, 无数据 for none."""
    found = known(number)
    if found is None:
        return "无数据"
    text = f"{found:,.2f}".rstrip("0").rstrip(".") if abs(found) < EXACT else f"{found:.3g}"
    return f"{'0' if text == '-0' else text}{unit}"


def known(number: Number) -> float | None:
    """The figure, or None where there is none that can be drawn."""
    return float(number) if number is not None and abs(number) <= LARGEST else None


def pick(series: Series, index: int) -> Number:
    """The figure of this label; a short series has none at its end."""
    return series.numbers[index] if index < len(series.numbers) else None


def one_side(row: Sequence[float | None], sign: int) -> float:
    """The sum of a row's figures of this sign (1 or -1)."""
    return sum(n for n in row if n is not None and n * sign > 0)


def total(row: Sequence[float | None]) -> float | None:
    """The sum of a row, None where nothing is known."""
    found = [n for n in row if n is not None]
    return sum(found) if found else None


def em(number: float) -> float:
    """A length rounded for print."""
    return round(number, 2)


def style(index: int, of: int) -> str:
    """The class of the nth part, in turn."""
    return f"c{index % of + 1}"


def wrap(label: str, end: str) -> list[str]:
    """The label in lines that fit a phone, its figure at the end of the last or on a line of its own."""
    cut = [label[i : i + WRAP] for i in range(0, len(label), WRAP)] or [""]
    return [*cut[:-1], f"{cut[-1]}  {end}"] if len(cut[-1]) + len(end) <= WRAP + 4 else [*cut, end]


def text_lines(texts: Sequence[str], top: float) -> Markup:
    """Lines of words under each other from this height."""
    each = Markup('<text x="0" y="{}em">{}</text>')
    return Markup("").join(each.format(em(top + 1.35 * i), text) for i, text in enumerate(texts))


def legend(names: Sequence[str], top: float, *, dashed: bool = False) -> Markup:
    """What each colour means, one line each."""
    square = Markup('<rect class="{2}" x="0" y="{0}em" width="1em" height="0.8em"/>')
    stroke = Markup('<line class="{2}" x1="0" x2="1.8em" y1="{1}em" y2="{1}em"/>')
    words = Markup('<text x="2.2em" y="{}em">{}</text>')
    found = []
    for index, name in enumerate(names):
        y = top + 1.4 * index
        mark = stroke if dashed else square
        found.append(
            mark.format(em(y - 0.75), em(y - 0.35), style(index, LINE_STYLES if dashed else COLOURS))
        )
        found.append(words.format(em(y), name))
    return Markup("").join(found)


def bar(
    row: Sequence[float | None], names: Sequence[str], scale: Scale, top: float, unit: str
) -> list[Markup]:
    """The parts of one bar, positive ones to the right of zero, negative ones to its left."""
    shape = Markup(
        '<rect class="{}" x="{}%" y="{}em" width="{}%" height="0.9em"><title>{}：{}</title></rect>'
    )
    ends, found = {True: 0.0, False: 0.0}, []
    for index, (number, name) in enumerate(zip(row, names, strict=True)):
        if not number:
            continue
        start = ends[number > 0]
        ends[number > 0] = stop = start + number
        low, high = sorted((scale.at(start), scale.at(stop)))
        width = em(high - low)
        found.append(shape.format(style(index, COLOURS), low, em(top), width, name, figure(number, unit)))
    return found


def curve(numbers: Sequence[float | None], across: Sequence[float], scale: Scale, look: str) -> list[Markup]:
    """The line through the figures, broken where one is missing."""
    shape = Markup('<line class="{}" x1="{}%" y1="{}%" x2="{}%" y2="{}%"/>')
    return [
        shape.format(look, x1, scale.at(a), x2, scale.at(b))
        for (x1, a), (x2, b) in pairwise(zip(across, numbers, strict=True))
        if a is not None and b is not None
    ]


def points(
    numbers: Sequence[float | None], across: Sequence[float], scale: Scale, names: Sequence[str], look: str
) -> list[Markup]:
    """A dot a figure; where there are many, only the highest and the last say theirs."""
    spot = Markup('<circle class="{}" cx="{}%" cy="{}%" r="4"><title>{}</title></circle>')
    text = Markup('<text class="mid" x="{}%" y="{}%" dy="{}em">{}</text>')
    there = [(i, n) for i, n in enumerate(numbers) if n is not None]
    loud = there if len(numbers) <= EVERY_POINT else _loudest(there)
    dots = [spot.format(look, across[i], scale.at(n), names[i]) for i, n in there]
    return dots + [
        text.format(across[i], scale.at(n), 1.3 if n < 0 or look == "c2" else -0.5, figure(n))
        for i, n in loud
    ]


def _loudest(there: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    return sorted({max(there, key=lambda pair: pair[1]), there[-1]}) if there else []


def below(labels: Sequence[str], across: Sequence[float], height: float) -> list[Markup]:
    """Labels under the axis, thinned out so that they do not run into each other on a phone."""
    room = max(1, int(AXIS_WIDTH / max((_width(label) + 1 for label in labels), default=1)))
    step = max(1, -(-len(labels) // room))
    shape = Markup('<text class="mid soft" x="{}%" y="{}em">{}</text>')
    return [shape.format(across[i], em(height - 0.6), labels[i]) for i in range(0, len(labels), step)]


def _width(label: str) -> float:
    """About how many em a label takes: Chinese one each, letters and figures a little over a half."""
    return sum(1.0 if ord(each) > LATIN else 0.56 for each in label)
