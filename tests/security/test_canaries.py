"""No answer to anybody holds a text of the other county, nor of another estate's reports (A1, A2)."""

import html
import random
import re
import zipfile
from io import BytesIO

import pytest

from server.core.db import Base
from server.core.entry import declared
from tests.security.canaries import CHAINED, MARKS, planted
from tests.security.chance import Chance
from tests.security.scene import FAR, NEAR, STAFF

CALLERS = (*STAFF, "resident", "reporter", "neighbour", "anonymous")
WHOLE_COUNTY = {"bureau", "admin", "auditor", "confidential"}
CALLS, WHOLE = 100, 2_000
JOINS, FOUND = "resident_neighbours.join_one", 303
FORBIDDEN_THINGS = ("no", "invitation", "key")


def words_of(answer):
    """All that an answer says: its headers, its body, the sheets of a workbook."""
    body = answer.get_data()
    if body[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return html.unescape(f"{answer.headers}{body.decode(errors='replace')}")


def echoed(words, address, how):
    """The answer without what was asked: a search shows the words it looked for."""
    sent = [str(value) for part in how.values() for value in part.values()]
    sent += re.split(r"[/?&=]", address)
    for value in sorted(filter(None, sent), key=len, reverse=True):
        if len(value) > 6:
            words = words.replace(value, "")
    return words


def leaks_in(words, caller, scene, *, public):
    """Whose texts stand in an answer that has no business there."""
    bad = [MARKS[FAR] + "s", *(str(scene.things[FAR][name]) for name in FORBIDDEN_THINGS)]
    bad += [] if public else [MARKS[FAR] + "p"]
    if caller not in WHOLE_COUNTY:
        bad += [MARKS[NEAR] + "s", str(scene.things[NEAR]["no"])]
    return [one for one in bad if one in words]


def crawl(stage, caller, number, seed):
    """What chance finds out; the answers that are no answers too."""
    chance, found, told = Chance(stage.app, stage.scene, random.Random(seed)), [], 0
    for _ in range(number):
        method, address, how, headers, endpoint = chance.call()
        answer = stage.call(method, address, caller, headers=headers, **how)
        words = echoed(words_of(answer), address, how)
        public = declared(stage.app, endpoint) == {"public"}
        if endpoint == JOINS and answer.status_code == FOUND:
            words = ""  # who stands at the estate, its code in hand, may join what is open there, and gets its link
        leaks = leaks_in(words, caller, stage.scene, public=public)
        told += MARKS["own"] in words
        if leaks or answer.status_code >= 500:
            found.append((method, address, how, headers, answer.status_code, leaks))
    return found, told


@pytest.mark.parametrize("caller", CALLERS)
def test_by_chance_nobody_reads_a_foreign_text(stage, caller):
    found, told = crawl(stage, caller, CALLS, caller)
    assert found == []
    assert told or caller not in {"bureau", "admin", "manager"}, "the crawl sees nothing at all"


@pytest.mark.hostile
@pytest.mark.parametrize("caller", CALLERS)
def test_two_thousand_calls_read_no_foreign_text(stage, caller):
    assert crawl(stage, caller, WHOLE, f"{caller} whole")[0] == []


def test_the_marks_are_where_the_texts_are(stage):
    page = stage.call("GET", f"/b/{stage.scene.things['own']['no']}", "bureau")
    assert MARKS["own"] + "s" in words_of(page)
    page = stage.call("GET", "/b/people", "bureau")
    assert MARKS["own"] + "s" in words_of(page)
    page = stage.call("GET", f"/b/{stage.scene.things[NEAR]['no']}", "bureau")
    assert MARKS[NEAR] + "s" in words_of(page)


def test_every_table_of_a_county_has_texts_with_marks_or_none_at_all():
    bare = {
        table.name
        for table in Base.metadata.sorted_tables
        if "county_id" in table.columns and table.name not in CHAINED and not list(planted(table))
    }
    assert bare <= {
        "feed_version", "holding", "inbox", "inbox_read", "invitation", "consent", "login_failure", "photo",
        "scan_code", "resident", "address", "contact_change", "public_report", "recovery_code", "check_answer",
        "staff_device", "report_part", "report_link", "report_link_use",
    }  # fmt: skip
