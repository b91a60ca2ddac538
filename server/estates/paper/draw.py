"""A layout and one estate's own words, drawn on any canvas."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.core.errors import Invalid
from server.estates import codes, qr
from server.estates.fonts import Face
from server.estates.paper.canvas import POINT, Canvas
from server.estates.paper.layout import Layout, Words
from server.estates.paper.lettering import LEADING, Setting, fit

ASCENT = 0.86
"""From the top of a Chinese letter's square to its baseline."""


@dataclass(frozen=True, slots=True)
class PosterSpec:
    """What one poster or sticker says; `spot_label` names a building, lift or gate."""

    estate_name: str
    code: str
    url: str
    bureau_phone: str
    domain: str
    county_name: str
    spot_label: str | None = None
    outdoors: bool = False

    @property
    def values(self) -> dict[str, str]:
        """The words that a layout may name."""
        own = {
            "estate": self.estate_name,
            "code": codes.printed(self.code),
            "phone": self.bureau_phone,
            "domain": self.domain,
            "county": self.county_name,
            "spot": self.spot_label or "",
        }
        return {name: " ".join(words.split()) for name, words in own.items()}


def draw(
    layout: Layout, spec: PosterSpec, canvas: Canvas, *, face: Face, at: tuple[float, float] = (0, 0)
) -> None:
    """Everything of one sheet, its upper left corner at `at`; Invalid for letters or lengths that cannot be printed."""
    left, top = at
    for band in layout.bands:
        canvas.rect(left + band.x, top + band.y, band.width, band.height, colour=band.colour)
    for box, words in filled(layout, spec.values):
        face.check(words.splitlines())
        write(box, words, canvas, face=face, at=at)
    square = layout.code
    level = qr.Level.OUTDOORS if spec.outdoors else qr.Level.INDOORS
    canvas.code(left + square.x, top + square.y, square.side, qr.encode(spec.url, level=level))


def filled(layout: Layout, values: dict[str, str]) -> Iterator[tuple[Words, str]]:
    """The boxes that are not dropped, each with its own words."""
    for box in layout.words:
        if not box.needs or values[box.needs]:
            yield box, box.words.format_map(values)


def write(box: Words, words: str, canvas: Canvas, *, face: Face, at: tuple[float, float]) -> None:
    """The words in the middle of their box's height, as large as they fit; Invalid where they do not."""
    setting = fit(
        words,
        width=box.width,
        height=box.height,
        size=box.size * POINT,
        least=box.least * POINT,
        measure=face.width,
    )
    if setting is None:
        raise Invalid(f"“{words}”太长，印不下。请用简称。")
    for x, y, line in placed(box, setting, face=face):
        canvas.text(at[0] + x, at[1] + y, line, size=setting.size, colour=box.colour, bold=box.bold)


def placed(box: Words, setting: Setting, *, face: Face) -> Iterable[tuple[float, float, str]]:
    """Left end, baseline and words of each line."""
    top = box.y + (box.height - setting.height) / 2 + (LEADING - 1) / 2 * setting.size
    for number, line in enumerate(setting.lines):
        spare = box.width - face.width(line, setting.size)
        shift = {"left": 0.0, "center": spare / 2, "right": spare}[box.align]
        yield box.x + shift, top + (number * LEADING + ASCENT) * setting.size, line
