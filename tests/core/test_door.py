"""The first look at a request: what is too large or no text never reaches a view."""

import inspect
import json
from io import BytesIO

import pytest

from server.core import bodies
from server.core.bodies import Malformed, read
from server.core.door import ARGUMENTS_MOST, FORM_MOST, JSON_MOST, QUERY_MOST
from server.core.numbers import LARGEST, whole


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/b/estates/9223372036854775808", 404),
        ("/b/estates/１２", 404),
        ("/b/estates/-1", 404),
        ("/b/estates/1.9", 404),
        ("/e/%00", 404),
        ("/e/abc%ff", 404),
        ("/r/%ed%a0%80", 404),
        ("/find?no=%00", 422),
        ("/find?no=%ff", 400),
        ("/find?no=%ed%a0%80", 400),
        ("/find?%00=1", 422),
        (f"/find?no={'a' * QUERY_MOST}", 414),
        ("/find?" + "&".join(f"a{n}=1" for n in range(ARGUMENTS_MOST + 1)), 414),
        ("/find?no=漏水", 200),
    ],
)
def test_an_address_is_short_text(client, world, path, status):
    world.login(client, "ys.bureau")
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "size", "kind"),
    [
        ("/api/v1/reports", JSON_MOST + 1, "application/json"),
        ("/api/v1/reports", JSON_MOST + 1, "multipart/form-data; boundary=x"),
        ("/api/v1/photos", 14 * 2**20, "multipart/form-data; boundary=x"),
        ("/login", FORM_MOST + 1, "multipart/form-data; boundary=x"),
        ("/login", FORM_MOST + 1, "application/x-www-form-urlencoded"),
        ("/wechat/callback", 2**20 + 1, "text/xml"),
        ("/find", FORM_MOST + 1, "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_says_it_is_too_large_is_not_read(client, path, size, kind):
    class Untouched(BytesIO):
        def read(self, *_):
            raise AssertionError("the body was read")

        readline = readinto = read

    # The body itself is none: who waits for it would be waiting for the sender.
    environ = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": kind, "wsgi.input": Untouched()}
    status = client.open(path, method="POST", environ_overrides=environ).status_code
    assert status == 413


def test_whoever_reads_files_says_how_large_they_may_be(application):
    for endpoint, view in application.view_functions.items():
        module = inspect.getmodule(inspect.unwrap(view))
        source = inspect.getsource(module) if module and module.__name__.startswith("server.") else ""
        reads = ("take_photos(", "request.files", "keep_photo(", "do_act(")
        if "sandbox" in module.__name__ or not any(word in source for word in reads):
            continue
        assert any(
            hasattr(one, "__files__")
            for one in application.view_functions.values()
            if inspect.getmodule(inspect.unwrap(one)) is module
        ), endpoint


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a": "\xc0\xaf"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-32"),
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e400}',
        b'{"a": -1e400}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 1, "a": 2}',
        b'{"\\ud800": 1}',
        b'{"\\u0000": 1}',
        b'{"' + b"a" * 81 + b'": 1}',
        b"[" * 100_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"a": 1} x',
        b"{'a': 1}",
        b'{"a": 01}',
        b'{"a": +1}',
        b'{"a": .5}',
        b'{"a": 1,}',
        b'{"a": "\n"}',
    ],
)
def test_json_that_readers_would_read_differently_is_no_json(body):
    with pytest.raises(Malformed):
        read(body)


def test_json_is_read_as_it_was_meant():
    said = {"a": [1, -2.5, True, None, "漏水🔥"], "b": {"c": LARGEST}}
    assert read(json.dumps(said).encode()) == said
    assert max(map(len, said)) <= bodies.LONGEST_NAME


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        (str(LARGEST), LARGEST),
        *(
            (one, None)
            for one in (
                "",
                "+1",
                "1_0",
                " 1",
                "1 ",
                "１",
                "1.0",
                "1e3",
                "0x10",
                "²",
                "٣",
                str(LARGEST + 1),
                "--1",
            )
        ),
    ],
)
def test_a_number_in_an_address_is_ascii_digits(text, number):
    assert whole(text) == number


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=1.9", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=5_0", "limit"),
        ("limit=５", "limit"),
        ("limit=%205", "limit"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1e1", "limit"),
        ("limit=NaN", "limit"),
        (f"estate={2**63}", "estate"),
        ("estate=-1", "estate"),
        ("mine=yes", "mine"),
        ("mine=TRUE", "mine"),
        ("tab=none", "tab"),
        ("sort=text", "sort"),
        ("after=x", "after"),
    ],
)
def test_a_list_says_which_argument_is_wrong(client, world, query, field):
    answer = client.get(f"/api/v1/reports?{query}", headers=world.bearer("ys.bureau"))
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_the_api_takes_json_alone(client, world, kind):
    answer = client.post("/api/v1/sessions/staff", data=b'{"username":"a","password":"b"}', content_type=kind)
    assert answer.status_code == 415
