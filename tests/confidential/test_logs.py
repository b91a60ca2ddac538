"""What the program's own log tells of confidential reports: a pattern, a verb, a place in the code, and nothing to lead on from."""

import io
import json
import logging
import re

import pytest

from server.confidential import filing
from server.confidential.compartments import compartment_of
from server.core import logs, slow
from server.core.db import db
from tests.confidential.stage import open_desks, told
from tests.world import SHANTING, YISHUI


@pytest.fixture
def logged():
    """Every line that is logged from now on, as it would be written."""
    out, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines())
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.fixture
def no(client, world):
    open_desks(world)
    db.session.commit()
    return told(client, world).json["no"]


def betrayed(lines, no):
    """What a line must not hold: the number, a county or its compartment, a table."""
    text = json.dumps(lines)
    secrets = (no, YISHUI, SHANTING, compartment_of(YISHUI), compartment_of(SHANTING), "sealed_")
    return [one for one in secrets if one in text]


def test_a_slow_or_refused_request_of_the_body_names_no_number_and_no_county(
    client, world, no, logged, monkeypatch
):
    monkeypatch.setattr(logs, "SLOW_SECONDS", 0.0)
    monkeypatch.setattr(slow, "SLOW_SECONDS", 0.0)
    for who in ("ys.sealed", "st.sealed", "ys.bureau"):
        browser = world.login(client, who)
        for path in ("/c/", f"/c/{no}", f"/c/{no}/photos/{'a' * 32}"):
            browser.get(path)
    lines = [one for one in logged() if (one.get("route") or "/c/").startswith("/c/")]
    assert {"/c/<no>", "/c/"} <= {one.get("route") for one in lines}
    assert betrayed([one for one in lines if "route" in one], no) == []
    assert "sealed_" not in json.dumps(logged())


def test_a_slow_statement_of_a_confidential_report_is_a_verb_under_no_request(
    client, world, logged, monkeypatch
):
    open_desks(world)
    db.session.commit()
    monkeypatch.setattr(slow, "SLOW_SECONDS", 0.0)
    answer = told(client, world)
    lines = [one for one in logged() if "slow statement" in one["message"]]
    assert answer.status_code == 201
    bare = [one for one in lines if re.fullmatch(r"slow statement: \d+ ms [A-Z]+", one["message"])]
    assert {one["message"].split()[-1] for one in bare} >= {"INSERT"}
    assert all("request_id" not in one and "county" not in one for one in bare)
    assert "sealed_" not in json.dumps(lines)
    assert any("place_of_code" in one["message"] for one in lines), "everything else is told as before"


def test_a_fault_on_its_way_leads_to_no_request(app, client, world, logged, monkeypatch):
    open_desks(world)
    db.session.commit()
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def broken(*_, **__):
        raise ValueError("broken")

    monkeypatch.setattr(filing, "own_token", broken)
    assert told(client, world).status_code == 500
    failed = next(one for one in logged() if "trace" in one)
    assert "server/confidential/filing.py" in failed["trace"]
    assert "request_id" not in failed
    assert "county" not in failed


@pytest.mark.parametrize("path", ["/r/{}", "/c/{}", "/api/v1/reports/{}", "/r/{}/erase?k=1"])
def test_a_number_in_an_address_is_taken_out_of_any_line(path):
    assert "7K2QM" not in logs.redact(f"GET {path.format('YS240715-7K2QM')} 500")
    assert "<no>" in logs.redact("GET /c/<no> 500")
