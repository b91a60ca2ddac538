"""Drawn photos for the demonstration: no picture of a real place."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from server.estates.fonts import PACKAGED

WIDE, HIGH = 1280, 960


def draw_photo(words: str, *, hue: int, mended: bool = False) -> bytes:
    """A JPEG of a wall with a stain, or of a clean wall, and what it shows written on it."""
    picture = Image.new("HSV", (WIDE, HIGH), (hue, 40, 215)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for y in range(0, HIGH, 96):
        pen.line((0, y, WIDE, y), fill=(150, 150, 145), width=3)
        for x in range(96 * (y // 96 % 2), WIDE, 192):
            pen.line((x, y, x, y + 96), fill=(150, 150, 145), width=3)
    if not mended:
        for step in range(6):
            reach = 60 * step
            shade = 70 + 14 * step
            pen.ellipse(
                (340 + reach, 220 + reach // 2, 940 - reach, 640 - reach // 2), fill=(shade, shade - 10, 60)
            )
    font = ImageFont.truetype(str(PACKAGED), 56)
    pen.rectangle((0, HIGH - 110, WIDE, HIGH), fill=(30, 34, 38))
    pen.text(
        (40, HIGH - 94),
        f"{words}{'（处理后）' if mended else ''}（演示照片）",
        font=font,
        fill=(255, 255, 255),
    )
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
