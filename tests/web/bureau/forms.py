"""Filling in one of several forms of a page, by the address it goes to."""

from io import BytesIO

from werkzeug.datastructures import MultiDict

from tests.web.conftest import filled, read


def opened(client, address):
    """The page at an address, strictly parsed."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code, response.get_data(as_text=True)[:300])
    return read(response)


def send(client, address, action=None, *, file=None, **fields):
    """Open the page, fill in its form for `action` (or the page's own address) and send it."""
    page = opened(client, address)
    form = next(
        form
        for form in page.find_all("form", method="post")
        if (form.get("action") or address) == (action or address)
    )
    data = MultiDict((name, value) for name, value in filled(form) if name not in fields)
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            data.add(name, one)
    if file:
        data["file"] = (BytesIO(file[1]), file[0])
    return client.post(action or address, data=data, content_type="multipart/form-data")


def follow(client, response):
    """The page that a successful form leads to."""
    assert response.status_code == 303, (response.status_code, read(response).find("main").text.split())
    return opened(client, response.location)


def words(page):
    """What a page says, without its blanks."""
    return "".join(page.find("main").text.split())
