"""From any decoded picture to plain, upright sRGB pixels that carry nothing else."""

from io import BytesIO

from PIL import Image, ImageCms

ORIENTATION_TAG = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
BAND_ROWS = 256
MAX_PROFILE = 1024 * 1024


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or it cannot be read."""
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - hostile EXIF fails in many ways; a picture lying on its side is still evidence
        return 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The picture turned as the camera was held."""
    turn = UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)


def plain(image: Image.Image, *, factor: int) -> Image.Image:
    """The picture as RGB over white, reduced by a whole factor.

    Worked in bands, so that a large transparent picture is never held twice.
    """
    if image.mode == "RGB" and factor == 1 and not image.has_transparency_data:
        return image
    width, height = image.size
    out = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, BAND_ROWS * factor):
        band = image.crop((0, top, width, min(height, top + BAND_ROWS * factor)))
        band.info = {k: v for k, v in image.info.items() if k == "transparency"}
        out.paste(_over_white(band).reduce(factor), (0, top // factor))
    return out


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The RGB picture in sRGB; a profile that is broken, huge or not for RGB is left out of account."""
    if not profile or len(profile) > MAX_PROFILE:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space.strip() != "RGB" or "sRGB" in (
            source.profile.profile_description or ""
        ):
            return image
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return turned or image


def bare(image: Image.Image) -> Image.Image:
    """The same pixels in a new picture: no comment, profile or other note comes along."""
    out = Image.new("RGB", image.size)
    out.paste(image)
    return out


def _over_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # Pillow cuts 16 bits off at white instead of scaling them.
        return image.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    white = Image.new("RGB", clear.size, "white")
    white.paste(clear, mask=clear.getchannel("A"))
    return white
