"""A browser without JavaScript that reads pages strictly and fills in their forms."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from html5lib import HTMLParser
from werkzeug.datastructures import MultiDict

from tests.photos.pictures import encoded, flag

TOLERATED = {"expected-doctype-but-got-chars", "expected-doctype-but-got-start-tag"}
"""Fragments have no doctype."""


def read(response):
    """The parsed page; fails on markup that a browser would have to repair."""
    text = response.get_data(as_text=True)
    parser = HTMLParser()
    parser.parse(text)
    faults = [fault for fault in parser.errors if fault[1] not in TOLERATED]
    assert not faults, faults[:3]
    page = BeautifulSoup(text, "html.parser")
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), "an id stands twice"
    return page


def filled(form):
    """What a browser would send of a form as it stands: pairs of name and value."""
    pairs = []
    for field in form.find_all(["input", "textarea", "select"]):
        kind, name = field.get("type", "text"), field.get("name")
        if not name or kind in {"file", "submit"}:
            continue
        if kind in {"radio", "checkbox"} and not field.has_attr("checked"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            pairs.append((name, chosen["value"]))
        else:
            pairs.append((name, field.text if field.name == "textarea" else field.get("value", "")))
    return pairs


def submit(client, page, *, at=None, files=(), headers=None, **fields):
    """Post the page's form with some fields filled in; `None` leaves a field out, a list sends it several times."""
    form = page.find("form", method="post")
    data = MultiDict((name, value) for name, value in filled(form) if name not in fields)
    for name, value in fields.items():
        values = value if isinstance(value, list) else [] if value is None else [value]
        for one in values:
            data.add(name, one)
    for number, file in enumerate(files):
        data.add("photo", (BytesIO(file), f"{number}.jpg"))
    address = form.get("action") or at
    return client.post(address, data=data, content_type="multipart/form-data", headers=headers)


@pytest.fixture
def picture():
    """A small photo, another one for every number."""
    return lambda number=0: encoded(flag((480 + 8 * number, 320)), quality=90)
