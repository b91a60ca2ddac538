"""The public copy of a photo: its pixels anew, black where somebody drew a box, and nothing else in the file."""

import secrets
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, JpegImagePlugin

from server.moderation.boxes import Box
from server.photos.intake import QUALITY, THUMB
from server.photos.links import Size
from server.photos.pixels import bare
from server.photos.service import file_name, store

BLACK = (0, 0, 0)


def blacken(data: bytes, boxes: Sequence[Box]) -> tuple[bytes, bytes]:
    """The stored photo and its small form with the boxes burnt in; the small one is made of the burnt one."""
    image = JpegImagePlugin.JpegImageFile(BytesIO(data))
    image.load()
    copy = bare(image.convert("RGB"))
    pen = ImageDraw.Draw(copy)
    for box in boxes:
        pen.rectangle(box.pixels(copy.size), fill=BLACK)
    small = copy.copy()
    small.thumbnail((THUMB, THUMB))
    return _jpeg(copy), _jpeg(small)


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def make_copy(photo_id: str, boxes: Sequence[Box]) -> str:
    """Store the public copy of a photo under a name of its own; gives the name. The original is only read."""
    full, small = blacken(store().open(file_name(photo_id, Size.FULL)), boxes)
    key = secrets.token_hex(16)
    store().put(file_name(key, Size.FULL), full)
    store().put(file_name(key, Size.THUMB), small)
    return key
