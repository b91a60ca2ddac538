"""Five hundred posters as one PDF, against qrcode making the five hundred matrices and nothing else."""

import random
import time
from collections.abc import Iterator

import qrcode

from bench.figures import Figure, alternating, at_most, middle
from server.estates.codes import ALPHABET, url
from server.estates.fonts import find_face
from server.estates.paper.draw import PosterSpec
from server.estates.poster import posters_pdf
from server.estates.qr import Level

TIMES = 3
POSTERS = 500
BASE = "https://wy.example.gov.cn"


def figures() -> Iterator[Figure]:
    """The one figure."""
    specs = [spec(number) for number in range(POSTERS)]
    ours, limit = alternating(lambda: printed(specs), lambda: matrices(specs))
    yield at_most("500 posters as one PDF", middle(ours), middle(limit), times=TIMES, unit="s", n=POSTERS)


def spec(number: int) -> PosterSpec:
    """A poster with a code of its own."""
    dice = random.Random(number)
    code = "".join(dice.choice(ALPHABET) for _ in range(12))
    return PosterSpec(
        estate_name=f"青山花园小区{number}期",
        code=code,
        url=url(BASE, code),
        bureau_phone="0539-2250000",
        domain="wy.example.gov.cn",
        county_name="沂水县",
        spot_label=None,
        outdoors=True,
    )


def printed(specs: list[PosterSpec]) -> float:
    """Seconds for the PDF."""
    face = find_face()
    began = time.perf_counter()
    posters_pdf(specs, face=face)
    return time.perf_counter() - began


def matrices(specs: list[PosterSpec]) -> float:
    """Seconds for the codes alone, of the same addresses at the same level."""
    began = time.perf_counter()
    for one in specs:
        code = qrcode.QRCode(error_correction=Level.OUTDOORS, border=0)
        code.add_data(one.url)
        code.make()
    return time.perf_counter() - began
