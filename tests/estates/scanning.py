"""Paper as a camera sees it: rasters of PDF, PNG and SVG, worn down, and read back."""

from io import BytesIO

import pypdfium2
import zxingcpp
from fpdf import FPDF
from fpdf.svg import SVGObject
from PIL import Image, ImageDraw, ImageFilter

from server.estates import codes
from server.estates.paper.draw import PosterSpec
from server.estates.qr import QUIET


def spec(number=0, **own):
    code = codes.new_code(lambda _: (0x9E3779B97F4A7C15 * (number + 1) % 2**64).to_bytes(8))
    given = {
        "estate_name": f"示例花园{number}区",
        "code": code,
        "url": codes.url("https://wy.example.gov.cn", code),
        "bureau_phone": "0539-0000001",
        "domain": "wy.example.gov.cn",
        "county_name": "沂水县",
    }
    return PosterSpec(**given | own)


def pdf_pages(data, *, dpi=200):
    with pypdfium2.PdfDocument(data) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]


def pdf_words(data):
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


def png_page(data):
    return Image.open(BytesIO(data)).convert("L")


def svg_page(data, *, dpi=200):
    """An SVG drawn by somebody else's code: read by fpdf2 as a drawing, drawn by pdfium."""
    drawing = SVGObject(data)
    paper = FPDF(unit="mm", format=(210, 297))
    paper.add_page()
    _, _, path = drawing.transform_to_rect_viewport(paper.k, 210, 297)
    with paper.drawing_context() as context:
        context.add_item(path)
    return pdf_pages(bytes(paper.output()), dpi=dpi)[0]


def read(image):
    """The one QR code in a picture, as zxing-cpp reports it."""
    (found,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return found


def reads(image):
    """The text of the code in a picture, or None."""
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if found else None


def modules(text_length, level):
    """Modules on a side of the smallest version that holds an address of ours."""
    holds = {"Q": (11, 20, 32, 46, 60, 74), "H": (7, 14, 24, 34, 44, 58)}[level]
    return 21 + 4 * next(version for version, most in enumerate(holds) if text_length <= most)


def cut_out(image):
    """The symbol with its quiet zone, and how many pixels a module has."""
    found = read(image)
    corners = found.position
    left, top = corners.top_left.x, corners.top_left.y
    width = corners.bottom_right.x - left
    unit = width / modules(len(found.text), found.ec_level)
    margin = QUIET * unit
    box = [
        round(left - margin),
        round(top - margin),
        round(left + width + margin),
        round(top + width + margin),
    ]
    return image.crop(box), unit


def at_three_pixels(symbol, unit):
    return symbol.resize([round(side * 3 / unit) for side in symbol.size], Image.Resampling.BILINEAR)


def blurred(symbol, unit):
    return symbol.filter(ImageFilter.GaussianBlur(0.35 * unit))


def masked(symbol, part, *, at):
    """A patch over a part of the area without the quiet zone, like a torn corner or a sticker, half black, half white."""
    side = symbol.width * (1 - 2 * QUIET / (33 + 2 * QUIET))
    patch = round(side * part**0.5)
    left = round((symbol.width - side) / 2 + at[0] * (side - patch))
    top = round((symbol.height - side) / 2 + at[1] * (side - patch))
    covered = symbol.copy()
    pen = ImageDraw.Draw(covered)
    pen.rectangle((left, top, left + patch - 1, top + patch - 1), fill=255)
    pen.rectangle((left, top, left + patch // 2, top + patch - 1), fill=0)
    return covered
