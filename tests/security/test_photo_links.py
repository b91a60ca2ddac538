"""A photo's address cannot be guessed or altered, runs out, and is no key for staff who may not see the report (A11)."""

import random
import re
import secrets
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from server.core import clock
from server.photos.service import LINK_LASTS
from tests.conftest import NOON
from tests.security.scene import FAR, NEAR, OWN

GUESSES = 300
"""The whole 10,000 are made by `make hostile`."""
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def own_link(stage, side=OWN):
    return "/p/" + stage.scene.things[side]["photo"]


def shown_to(stage, caller):
    """The addresses of photos on the report's page of a caller's desk."""
    page = stage.call("GET", f"/m/{stage.scene.things[OWN]['no']}", caller)
    return [found.replace("&amp;", "&") for found in re.findall(r'"(/p/[^"]+)"', page.get_data(as_text=True))]


def altered(link):
    """The address with each part of it changed a little."""
    parts = urlsplit(link)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    for name, value in query.items():
        for changed in (value[:-1], value + "0", value[:-1] + "~", ""):
            yield f"{parts.path}?{urlencode(query | {name: changed})}"
        yield f"{parts.path}?{urlencode({key: query[key] for key in query if key != name})}"
    yield f"{parts.path}?{urlencode(query | {'e': str(int(query['e']) + 3600)})}"
    yield f"{parts.path.replace('/320', '/1600')}?{parts.query}"
    yield f"/p/{'0' * 32}/320?{parts.query}"


def test_an_altered_address_opens_nothing(stage):
    for address in altered(own_link(stage)):
        assert stage.call("GET", address, "anonymous").status_code in {403, 404}, address
    assert stage.call("GET", own_link(stage), "anonymous").status_code == 200


def test_an_address_runs_out(stage):
    with clock.stopped(NOON + LINK_LASTS - timedelta(seconds=1)):
        assert stage.call("GET", own_link(stage), "anonymous").status_code == 200
    with clock.stopped(NOON + LINK_LASTS + timedelta(seconds=1)):
        assert stage.call("GET", own_link(stage), "anonymous").status_code == 403


@pytest.mark.parametrize("side", [OWN, NEAR, FAR])
def test_an_address_is_no_key_for_staff_of_other_places(stage, side):
    sees = {OWN: {"manager", "community", "bureau"}, NEAR: {"bureau"}, FAR: set()}[side]
    for caller in ("manager", "community", "bureau", "admin", "auditor"):
        status = stage.call("GET", own_link(stage, side), caller).status_code
        assert status == (200 if caller in sees else 404), caller


def test_what_the_desk_shows_is_for_one_reader_alone(stage):
    links = shown_to(stage, "manager")
    assert links
    for link in links:
        assert stage.call("GET", link, "manager").status_code == 200
        for caller in (
            "anonymous",
            "reporter",
            "neighbour",
            "bureau",
            "community",
            "admin",
            "expired",
            "ended",
        ):
            assert stage.call("GET", link, caller).status_code == 404, caller


def test_a_desk_address_does_not_work_under_another_readers_name(stage):
    link = shown_to(stage, "manager")[0]
    own = re.search(r"v=(p\d+)", shown_to(stage, "bureau")[0])[1]
    foreign = re.sub(r"v=p\d+", f"v={own}", link)
    assert stage.call("GET", foreign, "bureau").status_code == 403
    assert stage.call("GET", re.sub(r"v=p\d+&", "", link), "anonymous").status_code == 403


def guess(stage, number, draw):
    """How many of so many guesses open a photo: of its name, of its signature, and of both."""
    link, hits = urlsplit(own_link(stage)), 0
    expires = parse_qs(link.query)["e"][0]
    for at in range(number):
        name = link.path if at % 3 == 0 else f"/p/{draw.randbytes(16).hex()}/320"
        signature = "".join(draw.choices(ALPHABET, k=43)) if at % 3 != 1 else parse_qs(link.query)["s"][0]
        query = urlencode({"e": expires, "s": signature})
        hits += stage.call("GET", f"{name}?{query}", "anonymous").status_code == 200
    return hits


def test_guessing_opens_nothing(stage):
    assert guess(stage, GUESSES, random.Random("photo")) == 0


@pytest.mark.hostile
def test_ten_thousand_guesses_open_nothing(stage):
    assert guess(stage, 10_000, random.Random(secrets.token_hex())) == 0
