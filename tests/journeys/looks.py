"""How a page looks to everybody: by day and by night, on a phone and at a desk, and with the biggest type."""

import os

from axe_playwright_python.base import AXE_SCRIPT

SCREENS = {"phone": {"width": 375, "height": 812}, "desk": {"width": 1280, "height": 900}}
NARROW = {"width": 320, "height": 640}
EVERYTHING = {"resultTypes": ["violations"]}
"""Every rule; only of what breaks one are all places told."""
COLOURS = EVERYTHING | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""All that can differ by night: the page is the same, in other colours."""


def faults_of(tab, options=EVERYTHING):
    """What axe finds wrong with the page as it is shown now; put into a document once, for it is half a megabyte."""
    if tab.evaluate("!window.axe"):
        tab.evaluate(AXE_SCRIPT)
    found = tab.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def faults_by_day_and_night(tab, name):
    """What axe finds wrong in the light and the dark colours; pictures of both."""
    found = []
    for scheme, options in (("light", EVERYTHING), ("dark", COLOURS)):
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += faults_of(tab, options)
        picture(tab, f"{name}-{scheme}")
    return found


def faults_on_every_screen(tab, name):
    """The same on a phone, and by day at a desk."""
    tab.set_viewport_size(SCREENS["phone"])
    found = faults_by_day_and_night(tab, f"{name}-phone")
    tab.set_viewport_size(SCREENS["desk"])
    tab.emulate_media(color_scheme="light")
    found += faults_of(tab)
    picture(tab, f"{name}-desk")
    return found


def too_wide(tab):
    """Whether the page scrolls sideways."""
    return tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def picture(tab, name):
    """Keep what was seen where PICTURES names a folder, for people to look at."""
    folder = os.environ.get("PICTURES")
    if folder:
        tab.screenshot(path=f"{folder}/{name}.png", full_page=True)
