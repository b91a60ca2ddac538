"""More than a hundred hostile picture files, made on the spot: name and bytes; the same at every run."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, PngImagePlugin

from server.photos.formats import MAX_BYTES
from tests.hostile.image_parts import (
    app_segment,
    canary,
    chunk,
    exif_bytes,
    icc_bytes,
    idat,
    ihdr,
    picture,
    png,
    saved,
    scan_bomb,
    webp_chunk,
    with_segment,
)

Named = tuple[str, bytes]
JPEG = saved(picture(), "JPEG")
PNG = saved(picture(), "PNG")
WEBP = saved(picture(), "WEBP")


def bombs() -> Iterator[Named]:
    """Small files that unfold to something huge."""
    for width, height in (
        (13_000, 13_000), (60_000, 60_000), (2**31 - 1, 1), (1, 2**31 - 1), (50_000, 801), (0, 10), (10, 0),
    ):  # fmt: skip
        yield (
            f"png {width}x{height}",
            png(ihdr(width, height, depth=1), chunk(b"IDAT", zlib.compress(bytes(4096)))),
        )
    yield "png 1x50000", saved(Image.new("RGB", (1, 50_000)), "PNG")
    yield "png 50000x1", saved(Image.new("RGB", (50_000, 1)), "PNG")
    yield "png of 6300x6300 black in 16 bit", png(ihdr(6300, 6300, depth=16, kind=6), idat(6300 * 8, 6300))
    yield "png whose rows never end", png(ihdr(10, 10), chunk(b"IDAT", zlib.compress(bytes(100 * 2**20), 9)))
    yield (
        "png with a zTXt bomb",
        png(ihdr(4, 4), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(300 * 2**20), 9)), idat(12, 4)),
    )
    yield (
        "png with an iTXt bomb",
        png(ihdr(4, 4), chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(200 * 2**20), 9)), idat(12, 4)),
    )
    yield (
        "png with an iCCP bomb",
        png(ihdr(4, 4), chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(300 * 2**20), 9)), idat(12, 4)),
    )
    yield "png with 100000 chunks", png(ihdr(4, 4), chunk(b"tEXt", b"k\0v") * 100_000, idat(12, 4))
    yield "png with 50000 IDAT chunks", png(ihdr(4, 4), chunk(b"IDAT", b"") * 50_000, idat(12, 4))
    yield "jpeg 65535x65535", JPEG.replace(_size_of(JPEG), b"\xff\xff\xff\xff", 1)
    yield "jpeg 65535x600", JPEG.replace(_size_of(JPEG), b"\x02\x58\xff\xff", 1)
    yield "jpeg 0x0", JPEG.replace(_size_of(JPEG), bytes(4), 1)
    yield "jpeg of 5000 progressive scans", scan_bomb(5000)
    yield "jpeg of 400 progressive scans", scan_bomb(400)
    yield "jpeg with 1000 comments", with_segment(JPEG, app_segment(0xFE, b"x" * 60_000) * 150)
    yield "webp 16383x16383", b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (16_382).to_bytes(3, "little") * 2
    yield "webp canvas 2^24", b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6
    yield "bytes one over the limit", JPEG + bytes(MAX_BYTES + 1 - len(JPEG))
    yield "bytes at the limit", JPEG + bytes(MAX_BYTES - len(JPEG))
    yield "40 megapixels and a line", saved(Image.new("1", (8000, 5001)), "PNG")
    yield "39 megapixels", saved(Image.new("L", (8000, 4900)), "PNG")
    yield "39 megapixels with alpha", saved(Image.new("LA", (8000, 4900)), "PNG")
    for size in ((8000, 4900), (4000, 3990)):
        data = saved(Image.new("RGB", size), "WEBP", quality=1, method=0)
        yield f"webp {size[0]}x{size[1]}", data
        yield f"webp {size[0]}x{size[1]} with a small canvas", data[:26] + b"\x10\0\x10\0" + data[30:]
    yield (
        "webp lossless of 15 megapixels",
        saved(Image.new("RGBA", (4000, 3990)), "WEBP", lossless=True, method=0, quality=0),
    )


def _size_of(data: bytes) -> bytes:
    at = data.index(b"\xff\xc0")
    return data[at + 5 : at + 9]


def refused_kinds() -> Iterator[Named]:
    """Formats that are not taken, under any name."""
    moving = {"save_all": True, "append_images": [picture().rotate(90)], "duration": 100, "loop": 0}
    for kind in (
        "GIF",
        "TIFF",
        "EPS",
        "BMP",
        "ICO",
        "PPM",
        "PCX",
        "TGA",
        "SGI",
        "DDS",
        "PDF",
        "ICNS",
        "JPEG2000",
        "MSP",
    ):
        image = picture().convert("1") if kind == "MSP" else picture()
        yield f"a {kind}", saved(image.resize((64, 64)) if kind in {"ICO", "ICNS"} else image, kind)
    yield "an animated gif", saved(picture(), "GIF", **moving)
    yield "an apng", saved(picture(), "PNG", **moving)
    yield "an animated webp", saved(picture(), "WEBP", **moving)
    yield "an svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    yield (
        "an svg with xml head",
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
    )
    yield "a psd", b"8BPS\0\1" + bytes(40)
    yield "a postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(/etc/passwd) (r) file"
    yield "a binary eps", b"\xc5\xd0\xd3\xc6" + bytes(40)
    yield "an xcf", b"gimp xcf v011\0" + bytes(40)
    yield "a wmf", b"\xd7\xcd\xc6\x9a" + bytes(40)
    yield (
        "an mvg script",
        b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/x)'\npop graphic-context",
    )
    yield "a zip", b"PK\x03\x04" + bytes(60)
    yield "an executable", b"MZ" + bytes(100)
    yield "an elf", b"\x7fELF" + bytes(100)
    yield "a php file", b"<?php system($_GET['c']); ?>"
    yield "a shell script", b"#!/bin/sh\nid\n"
    yield "an avif", b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf"
    yield "a video", b"\0\0\0\x18ftypmp42\0\0\0\0isommp42"
    yield "a heic head alone", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    yield "a heic with a huge box", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\xff\xff\xff\xffmeta" + bytes(100)
    yield "a heic sequence", b"\0\0\0\x18ftypmsf1\0\0\0\0msf1hevc" + bytes(100)
    yield "nothing", b""
    yield "one byte", b"\xff"
    yield "zeros", bytes(1000)
    yield "a jpeg head alone", b"\xff\xd8\xff"
    yield "a png head alone", b"\x89PNG\r\n\x1a\n"
    yield "a riff head alone", b"RIFF\0\0\0\0WEBP"


def polyglots() -> Iterator[Named]:
    """A picture's head and something else behind, before or inside it."""
    tails = {
        "php": b"<?php system($_GET['c']); ?>",
        "script": b"<script>alert(document.cookie)</script>",
        "zip": b"PK\x03\x04" + bytes(26) + b"x.php",
        "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
        "second jpeg": JPEG,
    }
    for name, tail in tails.items():
        for kind, data in (("jpeg", JPEG), ("png", PNG), ("webp", WEBP)):
            yield f"{kind} then {name}", data + tail + canary("TAIL")
    yield "html then jpeg", b"<html><script>alert(1)</script>" + JPEG
    yield (
        "php in a jpeg comment",
        with_segment(JPEG, app_segment(0xFE, b"<?php phpinfo(); ?>" + canary("PHP"))),
    )
    yield "a gif that is a script", b"GIF89a/*" + bytes(20) + b"*/=alert(1);"
    yield "a bmp that is a script", b"BM/*" + bytes(20) + b"*/=alert(1);"
    yield "png with php in its palette", saved(_palette_with(b"<?php system($_GET[0]); ?>"), "PNG")
    yield "jpeg called png", JPEG


def _palette_with(words: bytes) -> Image.Image:
    image = Image.new("P", (16, 16))
    image.putpalette((words + bytes(768))[:768])
    return image


def marked() -> Iterator[Named]:
    """Canaries in every place where a picture can carry words."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", canary("TEXT").decode())
    notes.add_text("Author", canary("ZTXT").decode(), zip=True)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{canary('XMP').decode()}</x>")
    yield "png with texts", saved(picture(), "PNG", pnginfo=notes, exif=exif_bytes())
    yield "png with eXIf after IDAT", PNG[:-12] + chunk(b"eXIf", exif_bytes()[6:]) + PNG[-12:]
    yield "png with an unknown chunk", PNG[:33] + chunk(b"caNa", canary("CHUNK")) + PNG[33:]
    yield (
        "png with a tIME and pHYs",
        PNG[:33] + chunk(b"tIME", struct.pack(">HBBBBB", 2026, 11, 18, 1, 2, 3)) + PNG[33:],
    )
    yield "jpeg with exif", saved(picture(), "JPEG", exif=exif_bytes())
    yield "jpeg with gps and orientation 6", saved(picture(), "JPEG", exif=exif_bytes(orientation=6))
    yield "jpeg with a comment", saved(picture(), "JPEG", comment=canary("COMMENT"))
    yield "jpeg with icc", saved(picture(), "JPEG", icc_profile=icc_bytes())
    yield (
        "jpeg with xmp",
        with_segment(JPEG, app_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + canary("XMP"))),
    )
    yield (
        "jpeg with iptc",
        with_segment(
            JPEG, app_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20" + canary("IPTC"))
        ),
    )
    yield (
        "jpeg with adobe marker",
        with_segment(JPEG, app_segment(0xEE, b"Adobe\0d\0\0\0\0\0" + canary("ADOBE"))),
    )
    yield "jpeg with app15", with_segment(JPEG, app_segment(0xEF, canary("APP15")))
    yield (
        "jpeg with jfif thumbnail",
        with_segment(JPEG, app_segment(0xE0, b"JFXX\0\x10" + JPEG[:400] + canary("THUMB"))),
    )
    yield (
        "jpeg with mpf",
        with_segment(JPEG, app_segment(0xE2, b"MPF\0MM\0*\0\0\0\x08" + canary("MPF"))) + JPEG,
    )
    yield (
        "jpeg with broken exif",
        with_segment(JPEG, app_segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff" + canary("BROKEN"))),
    )
    yield (
        "jpeg with exif that goes round",
        with_segment(JPEG, app_segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\x08\0\0\0")),
    )
    yield (
        "jpeg with a motion video",
        saved(picture(), "JPEG", exif=exif_bytes()) + b"\0\0\0\x18ftypmp42" + canary("VIDEO"),
    )
    yield (
        "webp with exif",
        saved(
            picture(),
            "WEBP",
            exif=exif_bytes(),
            xmp=b"<x>" + canary("XMP") + b"</x>",
            icc_profile=icc_bytes(),
        ),
    )
    yield "webp with an unknown chunk", webp_chunk(WEBP, b"CANA", canary("WEBP"))


def odd() -> Iterator[Named]:
    """Rare modes, and files cut or altered."""
    yield "jpeg cmyk", saved(picture().convert("CMYK"), "JPEG")
    yield "jpeg cmyk with icc for rgb", saved(picture().convert("CMYK"), "JPEG", icc_profile=icc_bytes())
    yield "jpeg grey", saved(picture().convert("L"), "JPEG")
    yield "jpeg progressive", saved(picture(), "JPEG", progressive=True)
    yield "jpeg with an icc of one byte", saved(picture(), "JPEG", icc_profile=b"\0")
    yield "jpeg with an icc of noise", saved(picture(), "JPEG", icc_profile=bytes(range(256)) * 20)
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        yield (
            f"png {mode}",
            saved(
                picture().convert("L").convert("I;16") if mode == "I;16" else picture().convert(mode), "PNG"
            ),
        )
    yield (
        "png with a palette too short",
        png(ihdr(4, 4, kind=3), chunk(b"PLTE", b"\0\0\0"), idat(4, 4, fill=b"\xff")),
    )
    yield "png without a palette", png(ihdr(4, 4, kind=3), idat(4, 4))
    yield (
        "png with trns for too many",
        png(ihdr(4, 4, kind=3), chunk(b"PLTE", bytes(6)), chunk(b"tRNS", bytes(300)), idat(4, 4)),
    )
    yield "png with a false checksum", PNG[:29] + b"\0\0\0\0" + PNG[33:]
    yield "png without IEND", PNG[:-12]
    yield "png with depth 7", png(ihdr(4, 4, depth=7), idat(12, 4))
    yield "png interlaced wrongly", png(ihdr(4, 4, interlace=1), idat(3, 1))
    yield "webp lossless with alpha", saved(picture().convert("RGBA"), "WEBP", lossless=True)
    yield "webp whose length lies", WEBP[:4] + b"\xff\xff\xff\x7f" + WEBP[8:]
    for kind, data in (("jpeg", JPEG), ("png", PNG), ("webp", WEBP)):
        for part in (3, 5, 20, 50, 80, 99):
            yield f"{kind} cut at {part} %", data[: len(data) * part // 100]
        for seed in range(4):
            broken = bytearray(data)
            for at in range(20 + seed, len(broken), 97):
                broken[at] ^= 0x55
            yield f"{kind} with false bytes {seed}", bytes(broken)


def all_images() -> list[Named]:
    """Every file of the set."""
    return [*bombs(), *refused_kinds(), *polyglots(), *marked(), *odd()]


def reopened(data: bytes) -> Image.Image:
    """A stored picture, decoded."""
    image = Image.open(BytesIO(data))
    image.load()
    return image
