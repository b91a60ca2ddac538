"""Pieces of picture files, put together by hand."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

from tests.photos.pictures import flag

MARK = b"CANARY7f3a9c"


def canary(name: str) -> bytes:
    """Bytes that must be in no stored file."""
    return MARK + name.encode()


def picture() -> Image.Image:
    """An ordinary picture of some size."""
    return flag((320, 240))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture written by Pillow."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def ihdr(width: int, height: int, *, depth: int = 8, kind: int = 2, interlace: int = 0) -> bytes:
    """A PNG's head; `kind` 0 grey, 2 RGB, 3 palette, 6 RGBA."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlace))


def idat(row: int, rows: int, *, fill: bytes = b"\0") -> bytes:
    """A PNG's pixels: so many rows of so many bytes."""
    return chunk(b"IDAT", zlib.compress((b"\0" + fill * row) * rows, 9))


def png(*parts: bytes) -> bytes:
    """A PNG of these chunks."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def app_segment(marker: int, body: bytes) -> bytes:
    """A JPEG segment."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def with_segment(jpeg: bytes, segments: bytes) -> bytes:
    """A JPEG with segments behind its first two bytes."""
    return jpeg[:2] + segments + jpeg[2:]


def webp_chunk(webp: bytes, name: bytes, body: bytes) -> bytes:
    """A WebP with one more chunk at its end."""
    padded = body + b"\0" * (len(body) % 2)
    data = webp[8:] + name + struct.pack("<I", len(body)) + padded
    return b"RIFF" + struct.pack("<I", len(data)) + data


def scan_bomb(scans: int) -> bytes:
    """A progressive JPEG of 4000 × 4000 whose last scan is said again and again."""
    data = saved(Image.new("RGB", (4000, 4000)), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + data[-2:]


def exif_bytes(orientation: int = 1) -> bytes:
    """EXIF with canaries in the description, the maker's note, the owner and the place."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = canary("EXIF").decode()
    notes[0x013B] = canary("ARTIST").decode()
    notes.get_ifd(0x8769)[0x927C] = canary("MAKER")
    notes.get_ifd(0x8769)[0xA430] = canary("OWNER").decode()
    notes.get_ifd(0x8825)[29] = canary("GPS").decode()
    notes.get_ifd(0x8825)[2] = (36.0, 5.0, 30.0)
    return notes.tobytes()


def icc_bytes() -> bytes:
    """A real profile with a canary behind it."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile + canary("ICC")
