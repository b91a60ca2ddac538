"""Reviewing in a real browser: boxes are drawn over a photo, burnt into its public copy, and seen by neighbours."""

import re
from io import BytesIO

import pytest
from PIL import Image

from server.accounts.roles import Actor
from server.core import clock
from server.core.db import db
from server.photos.service import keep_photo
from server.reports.filing import Filing, file_report
from tests.journeys.looks import SCREENS, faults_of, too_wide
from tests.journeys.test_staff import desk  # noqa: F401 - a fixture
from tests.photos.pictures import encoded, flag

pytestmark = pytest.mark.browser


@pytest.fixture
def told(site, request):
    """A public report with a photo; its number."""
    with site.app.app_context():
        now = clock.now()
        photo, _ = keep_photo(encoded(flag((800, 600)), quality=90), now=now)
        filing = Filing(
            kind="pipe.leak", text="3号楼地下室漏水", photos=(photo.id,), building="3号楼", public=True
        )
        key = re.sub(r"\W", "", request.node.name).ljust(32, "r")[:64]
        filed = file_report(site.world.place("ys.hill"), filing, key=key, by=Actor(), now=now)
        db.session.commit()
        db.session.remove()
    return filed.no


def drag(tab, box, start, end):
    """From one point of a picture to another, as fractions of its sides."""
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    tab.mouse.move(*at[0])
    tab.mouse.down()
    tab.mouse.move((at[0][0] + at[1][0]) / 2, (at[0][1] + at[1][1]) / 2)
    tab.mouse.move(*at[1])
    tab.mouse.up()


def brightest(site, tab, address, place):
    """The lightest channel of one pixel of a picture, by fractions of its sides."""
    with Image.open(BytesIO(tab.request.get(site.base + address).body())) as image:
        spot = (int(place[0] * image.width), int(place[1] * image.height))
        return max(image.convert("RGB").getpixel(spot))


@pytest.mark.parametrize("screen", SCREENS)
def test_boxes_drawn_by_hand_are_black_for_the_public(desk, site, told, screen):  # noqa: F811
    tab = desk("ys.bureau", screen)
    tab.goto(f"/b/review/{told}")
    form = tab.locator("form[data-boxes]")
    form.scroll_into_view_if_needed()
    form.locator("[data-draw]").click()
    picture = form.locator("[data-drawing]")
    picture.scroll_into_view_if_needed()
    drag(tab, picture.bounding_box(), (0.1, 0.1), (0.4, 0.5))
    drag(tab, picture.bounding_box(), (0.6, 0.6), (0.9, 0.9))
    assert form.locator("rect").count() == 2
    form.locator("[data-undo]").click()
    assert form.locator("rect").count() == 1
    form.locator("button[value=release]").click()
    tab.wait_for_load_state("networkidle")
    shown = tab.locator("img[alt='现在公开的照片']").get_attribute("src")
    assert brightest(site, tab, shown, (0.25, 0.3)) < 30
    assert brightest(site, tab, shown, (0.75, 0.75)) > 60
    assert faults_of(tab) == []
    assert not too_wide(tab)


def test_without_a_script_cells_do_the_same(desk, site, told):  # noqa: F811
    tab = desk("ys.bureau", java_script_enabled=False)
    tab.goto(f"/b/review/{told}")
    form = tab.locator("form[data-boxes]")
    form.locator("input[name=cell][value='1']").check()
    form.locator("button[value=release]").click()
    shown = tab.locator("img[alt='现在公开的照片']").get_attribute("src")
    assert brightest(site, tab, shown, (0.05, 0.08)) < 30
    assert brightest(site, tab, shown, (0.5, 0.5)) > 60


def test_neighbours_see_the_copy(desk, phone, site, told):  # noqa: F811
    tab = desk("ys.bureau")
    for kind in ("text", "boxes"):
        tab.goto(f"/b/review/{told}")
        form = tab.locator("form[data-boxes]" if kind == "boxes" else "form:has(textarea)")
        form.locator("button[value=release]").click()
        tab.wait_for_load_state("networkidle")
    neighbour = phone()
    neighbour.goto(f"{site.scan()}/reports")
    assert "3号楼地下室漏水" in neighbour.inner_text("article >> nth=0")
    assert told not in neighbour.content()
    assert faults_of(neighbour) == []
    assert not too_wide(neighbour)
