"""The list of OWASP ASVS 5.0: complete, pointing at tests that exist; and what had no test elsewhere."""

import re

import pytest

from server.accounts.passwords import LONGEST, hash_password, matches
from server.core.errors import Invalid
from server.core.headers import policy, standard
from tests.house.asvs import KINDS, PAGE, ROOT, page, rows
from tests.web.conftest import read

LEVEL_1, LEVEL_2 = 70, 183
PASTE = {"onpaste", 'autocomplete="off"'}


def test_every_requirement_stands_in_the_list_once():
    table = rows()
    assert len({row["id"] for row in table}) == len(table)
    assert sum(row["level"] == "1" for row in table) == LEVEL_1
    assert sum(row["level"] == "2" for row in table) == LEVEL_2
    assert {row["kind"] for row in table} <= set(KINDS)
    assert all(row["proof"] for row in table)


def test_at_least_nine_of_ten_are_answered():
    second = [row["kind"] for row in rows() if row["level"] == "2"]
    assert second.count("open") <= len(second) // 10


def test_every_named_test_exists():
    for row in rows():
        for proof in row["proof"].split() if row["kind"] == "test" else []:
            path, name = proof.split("::")
            assert re.search(rf"^def {name}\b", (ROOT / path).read_text(), re.MULTILINE), (row["id"], proof)


def test_the_page_is_the_table():
    assert PAGE.read_text() == page(), "run: python -m tests.house.asvs"


def test_over_https_the_whole_domain_stays_on_https():
    sent = standard(secure=True, csp=policy())["Strict-Transport-Security"]
    assert int(re.search(r"max-age=(\d+)", sent)[1]) >= 365 * 24 * 3600
    assert "includeSubDomains" in sent


@pytest.mark.parametrize("method", ["get", "options", "post"])
def test_no_answer_lets_another_origin_read_it(client, world, method):
    for path in ("/api/v1/reports", f"/api/v1/places/{world.code('ys.hill')}", "/login"):
        answer = getattr(client, method)(path, headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "1234567890",
        "qwertyuiop",
        "Admin@2026",
        "woaini1314520",
        "yishui2026",
        "mashangban1",
        "zhang.san12",
        "1qaz2wsx3edc",
        "aaaaaaaaaaaa",
    ],
)
def test_common_passwords_are_refused(password):
    with pytest.raises(Invalid):
        hash_password(password, username="zhang.san")


@pytest.mark.parametrize(
    "password",
    ["只用汉字写一句长话", "correct horse battery", "~!@#$%^&*()_+=", "zmkqtbvwxr", "x7kv" * 20 + "漏水"],
)
def test_any_composition_makes_a_password(password):
    whole = password + "，还有" if len(password) < 10 else password
    assert matches(whole, hash_password(whole, username="zhang.san"))


def test_a_password_is_checked_exactly_as_typed():
    longest = "mQ7-kvz9" * (LONGEST // 8)
    kept = hash_password(longest, username="zhang.san")
    assert matches(longest, kept)
    for other in (
        longest + "x",
        longest[:-1],
        longest.lower(),
        " " + longest[1:],
        longest + " ",
        "\ud800" + longest[1:],
        "\0" + longest[1:],
    ):
        assert not matches(other, kept)


def test_password_fields_hide_and_take_what_is_pasted():
    for path in (ROOT / "server/web/templates").glob("**/*.html"):
        text = path.read_text()
        assert not any(word in text for word in PASTE), path.name
    scripts = "".join(path.read_text() for path in (ROOT / "server/web/static/js").glob("*.js"))
    assert "paste" not in scripts
    assert 'type="password"' in (ROOT / "server/web/templates/staff/login.html").read_text()


def test_every_page_of_staff_offers_to_log_out(client, world):
    for who, path in (("ys.bureau", "/b/"), ("ys.hill.manager", "/m/"), ("ys.bureau", "/b/reports")):
        world.login(client, who)
        assert "/logout" in client.get(path).text or "/account" in client.get(path).text
    assert 'action="/logout"' in client.get("/account").text


def test_logging_out_clears_the_browser(client, world):

    world.login(client, "ys.bureau")
    token = read(client.get("/account")).find("input", {"name": "csrf_token"})["value"]
    answer = client.post("/logout", data={"csrf_token": token})
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "session=;" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/static/",
        "/static/../settings.py",
        "/static/css/",
        "/server/app.py",
        "/.git/HEAD",
    ],
)
def test_nothing_but_our_own_files_is_served(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG", "PATCH"])
def test_trace_and_other_methods_are_refused(client, method):
    assert client.open("/login", method=method).status_code in {405, 400}


def test_a_refusal_has_its_line_in_the_log(client, world, caplog):
    client.get("/b/", headers={"Accept": "text/html"})
    assert [line for line in caplog.messages if line.startswith("GET /b/ 401")]
