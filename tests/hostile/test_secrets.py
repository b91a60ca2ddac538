"""Canary secrets through every road that ends in an error: none is in a log, an answer, the tree or a dump."""

import io
import json
import logging
import re
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from server.core.db import db
from server.core.logs import JsonLines
from server.core.tokens import new_token

ROOT = Path(__file__).parent.parent.parent
PHONE, PASSWORD, OPENID = "13912345678", "Canary-Password-7f3a9c", "oCANARY7f3a9cOpenIdOfSomebody"
TOKEN, CODE, KEY = "canaryTOKEN7f3a9c" + "x" * 20, "canaryCODE7f3a9c", "canaryKEY7f3a9c" + "y" * 20
CANARIES = (PHONE, PASSWORD, OPENID, TOKEN, CODE, KEY)
SECRET_SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|xox[baprs]-[0-9A-Za-z-]{20,}|wx[0-9a-f]{16}"
)
KNOWN_PUBLIC = {"wxba5fad812f8e6fb9", "wx0123456789abcdef"}
"""Tencent's own published example, and one that is plainly made up."""


@pytest.fixture
def logged():
    """Everything that is logged, as it would be written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


def error_roads(client):
    """Requests that carry secrets and go wrong in every way there is."""
    bearer = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": KEY}
    body = {"username": PHONE, "password": PASSWORD}
    query = {"access_token": TOKEN, "code": CODE, "openid": OPENID, "phone": PHONE, "k": KEY, "s": TOKEN}
    for path in (
        "/api/v1/reports",
        "/api/v1/feed",
        "/nowhere",
        "/find",
        "/r/YS261118-7K2QM",
        "/p/x/320",
        "/b/",
        "/wechat/callback",
        "/wechat/oauth/callback",
        f"/invite/{TOKEN}",
        f"/e/{CODE}",
    ):
        yield client.get(path, query_string=query, headers=bearer)
        yield client.post(
            path, data=json.dumps(body | query), content_type="application/json", headers=bearer
        )
        yield client.post(path, data=body | query, headers=bearer)
        yield client.put(path, data=b"\xff" + PASSWORD.encode(), headers=bearer)
    for extra in ({"username": PASSWORD + "\0"}, {"unknown": PASSWORD}, {"password": [PASSWORD]}):
        yield client.post("/api/v1/sessions/staff", json=body | extra, headers=bearer)
    yield client.post("/api/v1/sessions/wechat", json={"app": "mini", "code": CODE})


def test_no_error_tells_a_secret(client, world, logged):
    for answer in error_roads(client):
        if answer.mimetype == "application/json":
            assert not [one for one in CANARIES if one in answer.text], answer.request.path
    written = logged.getvalue()
    assert [one for one in CANARIES if one in written] == []


def fail(number):
    """A fault whose words carry secrets and a forged line."""
    forged = f'{{"level": "forged{number}"}}'
    raise RuntimeError(f"GET /x?access_token={TOKEN}&openid={OPENID} for {PHONE} {OPENID[:28]}\n{forged}")


def test_a_fault_of_our_own_is_logged_in_one_line_without_secrets(client, world, logged):
    logger = logging.getLogger("server")
    for number in range(500):
        try:
            fail(number)
        except RuntimeError:
            logger.exception("failed: secret=%s js_code=%s\r\n\x1b[31m\u2028forged", KEY, CODE)
    lines = logged.getvalue().split("\n")[:-1]
    assert len(lines) == 500
    assert all(json.loads(line)["level"] == "ERROR" for line in lines)
    written = "".join(lines)
    assert [one for one in CANARIES if one in written] == []
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", written)


def test_the_tree_holds_no_secret():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".jpg", ".heic", ".xls", ".ttf", ".woff2"}:
            said = set(SECRET_SHAPES.findall(path.read_text(errors="ignore"))) - KNOWN_PUBLIC
            found += [(name, one) for one in said if not one.startswith("wx") or "demo" not in one]
    assert [one for one in found if "wechat" not in one[0] and "hostile" not in one[0]] == []
    assert (
        not (ROOT / ".env").exists()
        or subprocess.run(["git", "check-ignore", ".env"], cwd=ROOT, check=False).returncode == 0
    )


def test_a_dump_of_the_database_holds_no_usable_secret(client, world, furnish):
    from server.accounts.passwords import hash_password
    from server.accounts.people import add_person

    furnish()
    token = world.bearer("ys.bureau")["Authorization"].split()[1]
    person = add_person(
        world.bodies["ys.bureau"].county_id,
        name="张三",
        username="zhang.san",
        phone=PHONE,
        by=None,
        now=world.now,
    )
    person.password_hash = hash_password(PASSWORD, username="zhang.san")
    db.session.commit()
    names = db.session.execute(
        sql(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
    )
    dump = "\n".join(
        str(row[0])
        for (name,) in names.all()
        for row in db.session.execute(sql(f'SELECT t::text FROM "{name}" t'))
    )
    assert token not in dump
    assert not [one for one in (*CANARIES, "13812345678", new_token()) if one in dump]
