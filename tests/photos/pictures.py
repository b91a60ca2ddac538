"""Small pictures of every kind, made on the spot."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image, PngImagePlugin

FIXTURES = Path(__file__).parent / "fixtures"
CANARY = b"CANARY-7f3a9c"


def flag(size=(48, 32), mode="RGB"):
    """Red left upper quarter, green right upper, blue left lower, white right lower."""
    image = Image.new("RGB", size, "white")
    width, height = size[0] // 2, size[1] // 2
    image.paste((200, 0, 0), (0, 0, width, height))
    image.paste((0, 160, 0), (width, 0, size[0], height))
    image.paste((0, 0, 200), (0, height, width, size[1]))
    return image.convert(mode)


def encoded(image, kind="JPEG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation=1):
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = CANARY.decode()
    notes.get_ifd(0x8825)[29] = CANARY.decode()
    return notes.tobytes()


def opened(data):
    image = Image.open(BytesIO(data))
    image.load()
    return image


def corners(image):
    """The names of the colours in the four corners, row by row."""
    width, height = image.size
    spots = [(3, 3), (width - 4, 3), (3, height - 4), (width - 4, height - 4)]
    return "".join(_name(image.getpixel(spot)) for spot in spots)


def _name(colour):
    wanted = {"r": (200, 0, 0), "g": (0, 160, 0), "b": (0, 0, 200), "w": (255, 255, 255)}
    return min(wanted, key=lambda name: sum(abs(a - b) for a, b in zip(wanted[name], colour, strict=True)))


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_bomb(width, height):
    """A PNG of a few kilobytes that would unfold to width × height."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def png_with_notes():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", CANARY.decode())
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{CANARY.decode()}</x>")
    return encoded(flag(), "PNG", pnginfo=notes, exif=exif(6)) + CANARY
