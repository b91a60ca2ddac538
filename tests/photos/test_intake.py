"""What goes into the photo gate, and what comes out."""

from hashlib import sha256

import pytest
from PIL import Image, ImageCms

from server.core.errors import Invalid
from server.photos.intake import FULL, THUMB, take_in
from tests.photos.pictures import CANARY, FIXTURES, corners, encoded, exif, flag, opened, png_with_notes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_each_kind_comes_out_as_two_jpegs(kind):
    taken = take_in(encoded(flag((480, 320)), kind))
    full, thumb = opened(taken.full), opened(taken.thumb)
    assert (full.format, thumb.format) == ("JPEG", "JPEG")
    assert full.size == (taken.width, taken.height) == (480, 320)
    assert max(thumb.size) == THUMB
    assert corners(full) == corners(thumb) == "rgbw"
    assert taken.sha256 == sha256(taken.full).hexdigest()


def test_a_heic_picture_is_taken_and_turned_upright():
    taken = take_in((FIXTURES / "red_corner.heic").read_bytes())
    assert (taken.width, taken.height) == (48, 64)
    assert corners(opened(taken.full)) == "wrww"
    assert b"CANARY" not in taken.full + taken.thumb


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((2400, 1800), (1600, 1200)), ((1800, 2400), (1200, 1600)), ((3300, 40), (1600, 19)), ((9, 7), (9, 7))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_shrinks_and_a_small_one_stays(kind, size, wanted):
    taken = take_in(encoded(flag(size), kind))
    assert (taken.width, taken.height) == pytest.approx(wanted, abs=1)
    assert max(taken.width, taken.height) <= FULL


def test_a_tall_transparent_picture_is_put_together_from_its_bands_without_a_seam():
    source = flag((3300, 3400), "RGBA")
    source.putalpha(255)
    taken = take_in(encoded(source, "PNG", compress_level=1))
    full = opened(taken.full)
    assert corners(full) == "rgbw"
    column = [full.getpixel((20, y)) for y in range(0, full.height, 5)]
    assert all(abs(r - 200) < 8 for r, _, _ in column[: len(column) // 2 - 2])
    assert all(abs(b - 200) < 8 for _, _, b in column[len(column) // 2 + 2 :])


@pytest.mark.parametrize(
    ("orientation", "wanted"),
    [(1, "rgbw"), (2, "grwb"), (3, "wbgr"), (4, "bwrg"), (5, "rbgw"), (6, "brwg"), (7, "wgbr"), (8, "gwrb")],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_camera_s_orientation_is_applied(kind, orientation, wanted):
    taken = take_in(encoded(flag((64, 48)), kind, exif=exif(orientation)))
    assert corners(opened(taken.full)) == corners(opened(taken.thumb)) == wanted
    assert (taken.width, taken.height) == ((48, 64) if orientation > 4 else (64, 48))


@pytest.mark.parametrize("orientation", [0, 9, 4711])
def test_a_senseless_orientation_leaves_the_picture_as_it_is(orientation):
    assert corners(opened(take_in(encoded(flag(), "JPEG", exif=exif(orientation))).full)) == "rgbw"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_does_not_cost_the_photo():
    taken = take_in(encoded(flag(), "JPEG", exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff"))
    assert corners(opened(taken.full)) == "rgbw"


def _loaded_jpeg():
    return encoded(flag(), "JPEG", exif=exif(6), comment=CANARY, icc_profile=_srgb() + CANARY)


def _srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            _loaded_jpeg() + b"<script>" + CANARY, id="jpeg with EXIF, GPS, comment, profile, trailer"
        ),
        pytest.param(png_with_notes(), id="png with text, XMP, EXIF, trailer"),
        pytest.param(encoded(flag(), "WEBP", exif=exif(), xmp=CANARY), id="webp with EXIF, XMP"),
        pytest.param(
            encoded(flag(), "JPEG") + encoded(flag(), "JPEG", comment=CANARY), id="a second picture"
        ),
    ],
)
def test_nothing_but_pixels_leaves_the_gate(data):
    assert CANARY in data
    taken = take_in(data)
    for out in (taken.full, taken.thumb):
        assert CANARY not in out
        assert b"Exif" not in out
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(opened(out).info)
        assert out.endswith(b"\xff\xd9")
        assert out.count(b"\xff\xd8") == 1


def _sixteen_bits():
    row = (32768).to_bytes(2, "little") * 16 + b"\xff\xff" * 16
    return Image.frombytes("I;16", (32, 32), row * 32)


@pytest.mark.parametrize(
    ("image", "kind", "left"),
    [
        (Image.new("L", (32, 32), 90), "JPEG", (90, 90, 90)),
        (Image.new("CMYK", (32, 32), (0, 255, 255, 55)), "JPEG", (200, 0, 0)),
        (Image.new("1", (32, 32), 1), "PNG", (255, 255, 255)),
        (Image.new("LA", (32, 32), (0, 0)), "PNG", (255, 255, 255)),
        (Image.new("RGBA", (32, 32), (0, 0, 0, 0)), "PNG", (255, 255, 255)),
        (Image.new("RGBA", (32, 32), (0, 0, 0, 0)), "WEBP", (255, 255, 255)),
        (Image.new("RGB", (32, 32), (200, 0, 0)).quantize(4), "PNG", (200, 0, 0)),
        (_sixteen_bits(), "PNG", (128, 128, 128)),
    ],
    ids=lambda value: getattr(value, "mode", None),
)
def test_every_colour_mode_becomes_what_the_eye_saw(image, kind, left):
    got = opened(take_in(encoded(image, kind)).full).getpixel((4, 4))
    assert got == pytest.approx(left, abs=6)


def test_a_transparent_palette_colour_turns_white():
    image = Image.new("P", (32, 32), 0)
    image.putpalette([10, 20, 30])
    assert opened(take_in(encoded(image, "PNG", transparency=0)).full).getpixel((4, 4)) == (255, 255, 255)


def test_a_foreign_colour_profile_is_converted():
    swapped = bytearray(_srgb())
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    name = swapped.find("sRGB".encode("utf-16-be"))
    swapped[name : name + 8] = "odd!".encode("utf-16-be")
    taken = take_in(encoded(Image.new("RGB", (32, 32), (200, 0, 0)), "PNG", icc_profile=bytes(swapped)))
    red_now, green_now, _ = opened(taken.full).getpixel((9, 9))
    assert green_now > 150 > red_now


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused_with_a_sentence(kind, part):
    data = encoded(Image.effect_noise((200, 150), 60).convert("RGB"), kind)
    with pytest.raises(Invalid, match="照片已损坏或没有传完整"):
        take_in(data[: int(len(data) * part)])


def test_a_truncated_heic_file_is_refused_too():
    with pytest.raises(Invalid, match="照片已损坏"):
        take_in((FIXTURES / "red_corner.heic").read_bytes()[:-60])


def test_the_same_photo_gives_the_same_fingerprint():
    assert take_in(encoded(flag())).sha256 == take_in(encoded(flag())).sha256
