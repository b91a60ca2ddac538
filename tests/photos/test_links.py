"""Addresses of photos: only the one that was signed opens, only in its time, only for its viewer."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import Forbidden
from server.photos.links import Size, sign, verify

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECRET = "one secret of thirty-two characters"


def parts(link):
    split = urlsplit(link)
    _, letter, photo_id, size = split.path.split("/")
    assert letter == "p"
    query = parse_qs(split.query)
    return {"photo_id": photo_id, "size": Size(size), "expires": query["e"][0], "signature": query["s"][0]}


def check(given_parts, *, now=NOW, viewer="", secret=SECRET):
    rest = dict(given_parts)
    verify(rest.pop("photo_id"), rest.pop("size"), secret=secret, now=now, viewer=viewer, **rest)


ids = st.text("ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz0123456789_-", min_size=1, max_size=40)


@given(photo_id=ids, size=st.sampled_from(Size), viewer=st.text(max_size=20), minutes=st.integers(1, 10_000))
def test_a_signed_link_opens_until_its_last_second(photo_id, size, viewer, minutes):
    ttl = timedelta(minutes=minutes)
    link = parts(sign(photo_id, size, secret=SECRET, now=NOW, ttl=ttl, viewer=viewer))
    check(link, viewer=viewer)
    check(link, viewer=viewer, now=NOW + ttl)
    with pytest.raises(Forbidden, match="已失效"):
        check(link, viewer=viewer, now=NOW + ttl + timedelta(seconds=1))


@given(at=st.integers(0), letter=st.sampled_from("ABCDEFGHIJabcdefghij0123456789_-"))
def test_a_signature_with_any_letter_changed_opens_nothing(at, letter):
    link = parts(sign("photo", Size.FULL, secret=SECRET, now=NOW, ttl=HOUR))
    at %= len(link["signature"])
    changed = link["signature"][:at] + letter + link["signature"][at + 1 :]
    if changed == link["signature"]:
        return
    with pytest.raises(Forbidden):
        check(link | {"signature": changed})


@pytest.mark.parametrize(
    "change",
    [
        {"photo_id": "other"},
        {"size": Size.THUMB},
        {"expires": "99999999999"},
        {"expires": "never"},
        {"expires": ""},
        {"expires": "-1"},
        {"expires": "１７７２３５５６００"},
        {"expires": "9" * 400},
        {"signature": ""},
        {"signature": "签名"},
    ],
)
def test_a_link_with_one_part_changed_opens_nothing(change):
    link = parts(sign("photo", Size.FULL, secret=SECRET, now=NOW, ttl=HOUR, viewer="me"))
    with pytest.raises(Forbidden):
        check(link | change, viewer="me")


def test_another_viewer_or_another_secret_opens_nothing():
    link = parts(sign("photo", Size.FULL, secret=SECRET, now=NOW, ttl=HOUR, viewer="me"))
    for others in ({"viewer": "you"}, {"viewer": ""}, {"viewer": "me", "secret": "another secret"}):
        with pytest.raises(Forbidden):
            check(link, **others)


def test_two_photos_of_one_moment_share_no_signature():
    links = {sign(one, Size.FULL, secret=SECRET, now=NOW, ttl=HOUR)[-20:] for one in ("a", "b")}
    assert len(links) == 2
