"""What the photo gate refuses before it decodes anything, and in which words."""

import tracemalloc
from contextlib import suppress

import pytest
from PIL import Image

from server.core.errors import HouseError, Invalid, TooLarge
from server.photos.formats import MAX_BYTES, look_at
from server.photos.intake import take_in
from tests.photos.pictures import encoded, flag, png_bomb

WEBP_13000 = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (12999).to_bytes(3, "little") * 2
MOVING = {"save_all": True, "append_images": [flag().rotate(90)], "duration": 100, "loop": 0}


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空的"),
        (encoded(flag(), "GIF"), "GIF 动图"),
        (encoded(flag(), "TIFF"), "TIFF"),
        (encoded(flag(), "BMP"), "BMP"),
        (encoded(flag(), "EPS"), "EPS"),
        (b"\xef\xbb\xbf <svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"<html><script>alert(1)</script>", "网页"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04" + bytes(40), "压缩包"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "视频"),
        (b"MZ\x90\0", "认不出"),
        (bytes(1000), "认不出"),
        (encoded(flag(), "PNG", **MOVING), "会动"),
        (encoded(flag(), "WEBP", **MOVING), "会动"),
        (b"\xff\xd8" + b"\xff\xda\0\2" * 600, "不正常"),
    ],
)
def test_what_is_no_photo_is_refused_by_name_and_with_what_to_do(data, word):
    with pytest.raises(Invalid, match=word) as refusal:
        take_in(data)
    assert "请用手机拍照" in refusal.value.message


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\xff\xd8\xff" + bytes(MAX_BYTES), "12 MB"),
        (png_bomb(13_000, 13_000), "13000×13000"),
        (png_bomb(40_000, 1_001), "4000 万像素"),
        (png_bomb(60_000, 60_000), "60000×60000"),
        (WEBP_13000, "13000×13000"),
    ],
)
def test_a_bomb_is_refused_before_it_unfolds(data, word):
    tracemalloc.start()
    with pytest.raises(TooLarge, match=word):
        take_in(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MAX_BYTES


@pytest.mark.parametrize("kind", ["lossy", "lossless"])
def test_the_size_of_a_webp_is_read_from_either_header(kind):
    data = bytearray(encoded(Image.new("RGB", (300, 200)), "WEBP", lossless=kind == "lossless"))
    assert look_at(bytes(data)) == "WEBP"
    if kind == "lossy":
        data[26:30] = (16_000).to_bytes(2, "little") * 2
    else:
        data[21:25] = (15_999 | 15_999 << 14).to_bytes(4, "little")
    with pytest.raises(TooLarge, match="16000×16000"):
        look_at(bytes(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_with_flipped_bytes_is_taken_or_refused_but_never_breaks(kind):
    data = encoded(flag((40, 30)), kind, exif=b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0")
    for at in range(0, len(data), 7):
        broken = bytearray(data)
        broken[at] ^= 0xFF
        with suppress(HouseError):
            assert take_in(bytes(broken)).full
