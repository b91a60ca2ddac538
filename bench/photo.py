"""A 12-megapixel photo taken in, against what Pillow needs for the same two pictures."""

import random
import time
from collections.abc import Callable, Iterator
from io import BytesIO

from PIL import Image

from bench.figures import Figure, alternating, at_most, middle
from server.photos.intake import FULL, QUALITY, THUMB, take_in

TIMES = 1.25
SIZE = (4032, 3024)
EACH = 5
"""Photos of a run."""
ORIENTATION, TURNED_RIGHT = 0x0112, 6


def figures() -> Iterator[Figure]:
    """The one figure."""
    data = photo()
    take_in(data), plain(data)
    ours, limit = alternating(lambda: spent(lambda: take_in(data)), lambda: spent(lambda: plain(data)))
    size = round(len(data) / 1e6, 1)
    yield at_most(
        "photo, 12 megapixels",
        middle(ours),
        middle(limit),
        times=TIMES,
        unit="ms",
        n=EACH * len(ours),
        megabytes=size,
    )


def photo() -> bytes:
    """A picture with the entropy of a phone's: blurred noise of several sizes, grain over it, lying on its side."""
    dice = random.Random(7)
    image = Image.new("RGB", SIZE)
    for width in (21, 84, 336):
        layer = Image.frombytes("RGB", (width, width * 3 // 4), dice.randbytes(width * (width * 3 // 4) * 3))
        image = Image.blend(image, layer.resize(SIZE, Image.Resampling.BICUBIC), 0.5)
    image = Image.blend(image, Image.effect_noise(SIZE, 20).convert("RGB"), 0.25)
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    out = BytesIO()
    image.save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


def plain(data: bytes) -> tuple[bytes, bytes]:
    """The fastest that Pillow alone offers: decoded at the fitted size, the small picture from the large one."""
    image = Image.open(BytesIO(data))
    image.draft("RGB", (FULL, FULL * SIZE[1] // SIZE[0]))
    image.thumbnail((FULL, FULL))
    full = image.transpose(Image.Transpose.ROTATE_270)
    small = full.copy()
    small.thumbnail((THUMB, THUMB))
    return saved(full), saved(small)


def saved(image: Image.Image) -> bytes:
    """A JPEG of the product's quality."""
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def spent(work: Callable[[], object]) -> float:
    """Milliseconds of one piece of work, the median of several."""
    return middle(_once(work) for _ in range(EACH))


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
