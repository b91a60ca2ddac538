"""The one gate for photos: whatever comes in, two clean JPEGs go out or nothing does."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import pi_heif
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from server.core.errors import HouseError, Invalid
from server.photos.formats import PLEASE, Kind, check_pixels, look_at
from server.photos.pixels import bare, orientation_of, plain, to_srgb, upright

FULL = 1600
THUMB = 320
QUALITY = 82

# The decoders themselves instead of Image.open: exactly one is tried, and a JPEG with a second picture
# behind the first (MPO) is read as the plain JPEG that it is.
OPENERS: dict[Kind, Callable[[BytesIO], Image.Image]] = {
    Kind.JPEG: JpegImagePlugin.JpegImageFile,
    Kind.PNG: PngImagePlugin.PngImageFile,
    Kind.WEBP: WebPImagePlugin.WebPImageFile,
    Kind.HEIC: pi_heif.HeifImageFile,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo as it is kept: two JPEGs, the size of the larger in pixels, and its SHA-256 in hex."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    sha256: str


def take_in(data: bytes) -> Taken:
    """Two upright JPEGs of at most 1600 and 320 px without any metadata.

    Invalid or TooLarge with a sentence for the sender where that cannot be done; the original is not kept.
    """
    kind = look_at(data)
    try:
        full = _full(data, kind)
    except HouseError:
        raise
    except Exception as error:  # decoders fail on hostile files in every way there is
        raise Invalid(f"照片已损坏或没有传完整，打不开。请重新上传，或换一张。{PLEASE}。") from error
    thumb = full.copy()
    thumb.thumbnail((THUMB, THUMB))
    stored = _jpeg(full)
    return Taken(
        full=stored,
        thumb=_jpeg(thumb),
        width=full.width,
        height=full.height,
        sha256=sha256(stored).hexdigest(),
    )


def _full(data: bytes, kind: Kind) -> Image.Image:
    image = OPENERS[kind](BytesIO(data))
    check_pixels(image.size)
    image.draft("RGB", _fitted(image.size))
    image.load()
    orientation, profile = orientation_of(image), image.info.get("icc_profile")
    small = plain(image, factor=max(1, max(image.size) // FULL))
    small.thumbnail((FULL, FULL))
    return bare(upright(to_srgb(small, profile), orientation))


def _fitted(size: tuple[int, int]) -> tuple[int, int]:
    """The box of the picture's own aspect: with a square one libjpeg would not scale down while decoding."""
    longest = max(size)
    return max(1, size[0] * FULL // longest), max(1, size[1] * FULL // longest)


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
