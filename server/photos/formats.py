"""What kind of file somebody sent, told from its first bytes alone, before anything is decoded."""

from enum import StrEnum

from server.core.errors import Invalid, TooLarge
from server.photos.scans import pixels_and_scans

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_WEBP_PIXELS = 16_000_000
"""A WebP is decoded whole, and several times over: fifteen bytes a pixel; no camera writes them."""
MAX_SCANS = 100
MAX_WORK = 15 * MAX_PIXELS
"""Pixels times scans: each scan of a progressive JPEG goes over the whole picture; cameras write ten."""

PLEASE = "请用手机拍照，或从相册选 JPG、PNG、WebP、HEIC 格式的照片"


class Kind(StrEnum):
    """The four kinds of picture that are taken."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIC"


REFUSED = (
    (b"GIF8", "GIF 动图"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
    (b"%!PS", "EPS 文件"),
    (b"\xc5\xd0\xd3\xc6", "EPS 文件"),
    (b"%PDF", "PDF 文件"),
    (b"BM", "BMP 图片"),
    (b"PK\x03\x04", "压缩包或办公文档"),
    (b"<svg", "SVG 图形"),
    (b"<?xml", "SVG 图形"),
    (b"<", "网页文件"),
)
WEBP_MOVES = frozenset(bytes([flags]) for flags in range(256) if flags & 0b10)
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})


def look_at(data: bytes) -> Kind:
    """The kind of an acceptable file; Invalid or TooLarge, with a sentence for the sender, for any other."""
    if not data:
        raise Invalid(f"照片是空的，没有内容。{PLEASE}。")
    if len(data) > MAX_BYTES:
        raise TooLarge(f"照片超过 {MAX_BYTES // 2**20} MB，太大了。请换一张，或先在相册里压缩后再传。")
    kind = _kind(data)
    if kind is None:
        raise Invalid(f"这是{_name_of(data)}，不能作为照片上传。{PLEASE}。")
    if _is_animated(data, kind):
        raise Invalid(f"这是会动的图片，不能作为照片上传。{PLEASE}。")
    if kind is Kind.JPEG and is_laborious(data):
        raise Invalid(f"这张照片的结构不正常，打不开。{PLEASE}。")
    if kind is Kind.WEBP:
        check_pixels(_webp_size(data), most=MAX_WEBP_PIXELS)
    return kind


def check_pixels(size: tuple[int, int], *, most: int = MAX_PIXELS) -> None:
    """Pass a picture of at most so many pixels; TooLarge for more, Invalid for none at all."""
    width, height = size
    if width < 1 or height < 1:
        raise Invalid(f"照片已损坏，打不开。{PLEASE}。")
    if width * height > most:
        raise TooLarge(
            f"照片有 {width}×{height} 像素，超过 {most // 10_000} 万像素。请把相机调到普通画质再拍一张。"
        )


def is_laborious(jpeg: bytes) -> bool:
    """Whether a JPEG asks for far more work than its size in pixels explains."""
    pixels, scans = pixels_and_scans(jpeg, most=MAX_SCANS)
    return scans > MAX_SCANS or pixels * scans > MAX_WORK


def _kind(data: bytes) -> Kind | None:
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    return Kind.HEIC if _brands(data) & HEIC_BRANDS else None


def _brands(data: bytes) -> frozenset[bytes]:
    """The brands an ISO media file claims: HEIC, AVIF and videos differ in nothing else."""
    if data[4:8] != b"ftyp":
        return frozenset()
    end = min(int.from_bytes(data[:4]), 256)
    return frozenset(data[at : at + 4] for at in (8, *range(16, end, 4)))


def _name_of(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        return "AVIF 图片" if b"avif" in _brands(data) else "视频"
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((name for magic, name in REFUSED if head.startswith(magic)), "认不出的文件")


def _is_animated(data: bytes, kind: Kind) -> bool:
    if kind is Kind.PNG:
        # acTL must stand before the pixels; one that comes later is never played.
        return b"acTL" in data[: data.find(b"IDAT")]
    return kind is Kind.WEBP and data[12:16] == b"VP8X" and data[20:21] in WEBP_MOVES


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from a WebP's header: its decoder claims memory for them as soon as it is opened."""
    head = data[:30].ljust(30, b"\0")
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = head[26:28], head[28:30]
    return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
