"""The look and the browser code: small, readable in both themes, nothing inline, nothing from elsewhere."""

import re
from gzip import compress
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

WEB = Path("server/web")
SHEETS = sorted(WEB.glob("static/css/*.css"))
MODULES = sorted(WEB.glob("static/js/*.js"))
TEMPLATES = sorted(WEB.glob("templates/**/*.html"))
HOUSE = (WEB / "static/css/house.css").read_text()
LANDING = (WEB / "static/css/landing.css").read_text()
WECHAT_SDK = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
"""The one file from elsewhere, asked for inside WeChat alone, on the page of its own button."""
PAIRS = [
    *[(ink, ground) for ink in ("text", "muted", "link") for ground in ("bg", "card", "sunk")],
    *[(tone, f"{tone}-tint") for tone in ("ok", "info", "warn", "alarm")],
    *[(tone, "card") for tone in ("ok", "info", "warn", "alarm")],
    ("alarm", "bg"),
    ("text", "ok-tint"),
    ("on-primary", "primary"),
    ("on-alarm", "alarm"),
]


def tokens(sheet: str, *, dark: bool) -> dict[str, str]:
    """The colours of a sheet's theme; the dark one stands on top of the light one."""
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6})", "".join(blocks[: 2 if dark else 1]))
    return dict(found)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_are_readable_on_their_ground(ink, ground, dark):
    colours = tokens(HOUSE, dark=dark)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["edge", "c1", "c2", "c3", "c4", "c5", "c6"])
def test_edges_of_fields_and_parts_of_plots_stand_out(edge, dark):
    colours = tokens(HOUSE, dark=dark)
    assert contrast(colours[edge], colours["card"]) >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_landing_page_wears_the_same_colours(dark):
    house = tokens(HOUSE, dark=dark)
    assert all(house[name] == colour for name, colour in tokens(LANDING, dark=dark).items())


def test_the_landing_sheet_defines_every_colour_that_it_uses():
    used = set(re.findall(r"var\(--([\w-]+)\)", LANDING))
    assert used <= set(re.findall(r"--([\w-]+):", LANDING))


@pytest.mark.parametrize("path", [*SHEETS, *MODULES, *TEMPLATES], ids=str)
def test_a_file_of_the_look_fits_on_a_few_screens(path):
    assert len(path.read_text().splitlines()) <= 250


@pytest.mark.parametrize("path", SHEETS, ids=str)
def test_sheets_use_what_old_webviews_know(path):
    sheet = path.read_text()
    assert not re.search(
        r":has\(|@layer|@container|^\s*&|color-mix|:is\(|\burl\(|@import", sheet, re.MULTILINE
    )
    assert set(re.findall(r"[^;{}]*!important", sheet)) <= {" display: none !important"}
    assert not re.search(r"(margin|padding)-(left|right)|font-size: \d+px|text-overflow|user-select", sheet)


@pytest.mark.parametrize("path", [*SHEETS, *MODULES, *TEMPLATES], ids=str)
def test_nothing_is_fetched_from_elsewhere(path):
    assert not re.search(r"(https?:)?//[\w-]+\.\w", path.read_text().replace(WECHAT_SDK, ""))


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_are_small_and_build_no_code_from_words(path):
    module = path.read_text()
    assert len(module.splitlines()) <= 120
    assert not re.search(
        r"\beval\(|new Function|document\.write|\balert\(|\bconfirm\(|\.style\b|randomUUID", module
    )
    for name in re.findall(r"from '\./([\w.]+)'", module):
        assert (path.parent / name).is_file()


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_templates_carry_no_inline_script_or_style(path):
    page = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|javascript:|user-scalable", page)
    assert ("<style" in page) == (path.name == "landing_base.html")


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_templates_parse_and_name_files_that_are_there(path):
    tree = Environment(autoescape=True).parse(path.read_text())
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"asset", "asset_text"}:
            first = call.args[0]
            assert isinstance(first, nodes.Const)
            assert (WEB / "static" / first.value).is_file()


def parts(name: str):
    """A file of macros, ready to call."""
    loader = Environment(autoescape=True, loader=FileSystemLoader(WEB / "templates"))
    return loader.get_template(f"shared/{name}.html").module


@pytest.mark.parametrize(
    "key",
    [
        "submitted",
        "accepted",
        "resolved",
        "closed",
        "whistled",
        "referred",
        "rejected",
        "withdrawn",
        "void",
        "due_soon",
        "overdue",
    ],
)
def test_a_state_is_told_by_word_and_shape_not_by_colour_alone(key):
    tag = str(parts("ui").state(key))
    assert "<svg" in tag
    assert re.search(r"[\u4e00-\u9fff]{2,}", tag)


def test_a_field_with_an_error_says_so_at_the_field_and_in_the_summary():
    sentence = "电话少了一位，请核对"
    field = str(parts("forms").field("手机号", "phone", "138<", error=sentence))
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="e-phone"' in field
    assert sentence in field
    assert 'value="138&lt;"' in field
    assert f'<a href="#f-phone">{sentence}</a>' in str(parts("forms").error_summary({"phone": sentence}))


def test_tiles_hold_their_choices_and_say_whom_to_call_first():
    choice = {"key": "trapped", "word": "困人", "first": "先打电话", "calls": [("救援", "96333")]}
    tile = {"key": "lift", "word": "电梯", "icon": "lift", "choices": [choice]}
    drawn = str(parts("forms").tiles("哪方面", [tile], tile="lift", kind="trapped"))
    assert drawn.count("checked") == 2
    assert 'href="tel:96333"' in drawn


def test_every_tile_of_the_counties_has_its_own_drawing():
    drawings = parts("icons").drawings
    wanted = [
        "lift",
        "fire",
        "pipe",
        "repair",
        "clean",
        "parking",
        "gate",
        "tree",
        "building",
        "service",
        "developer",
        "other",
    ]
    assert len({drawings[name] for name in wanted}) == 12
    assert str(parts("icons").icon("unknown")) == str(parts("icons").icon("other"))


def test_the_landing_page_leaves_room_for_its_words():
    sheet = "".join(line.strip() for line in LANDING.splitlines())
    scripts = b"".join((WEB / "static/js" / name).read_bytes() for name in ("mine.js", "size.js"))
    assert len(compress(sheet.encode())) + len(compress(scripts)) <= 4096
