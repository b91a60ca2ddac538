"""Whoever of the staff asks for another's thing is told that there is none, and the audit tells of it (threat A1)."""

import pytest

from server.accounts.models import Resident
from server.accounts.roles import STRANGER
from server.accounts.sessions import open_for_resident
from server.core import audit
from server.core.db import db
from server.core.limits import Tally
from server.reports.filing import Filing, file_report
from server.reports.foreign import A_DAY, ACT
from tests.confidential.stage import open_desks, told
from tests.escalation.cases import kind_like
from tests.web.bureau.forms import opened, words

NOWHERE = "YS261118-22222"


@pytest.fixture
def report(world):
    """A number of an estate's ledger, by the estate's name; another one each time."""

    def filed(estate="ys.hill"):
        place = world.place(estate)
        filing = Filing(kind=kind_like(place.county_id), text="有问题")
        key = f"{estate}{filed.count}".ljust(32, "k")
        filed.count += 1
        no = file_report(place, filing, key=key, by=STRANGER, now=world.now).no
        db.session.commit()
        return no

    filed.count = 0
    return filed


def noted():
    """The refusals that the audit tells of: by whom, of what, and which sort."""
    rows = db.session.query(audit.Audit).filter(audit.Audit.act == ACT).order_by(audit.Audit.seq)
    return [(row.county_id, row.person_id, row.about, row.facts["detail"]) for row in rows]


@pytest.mark.parametrize("way", ["/m/{}", "/api/v1/reports/{}"])
def test_a_foreign_report_is_not_found_and_written_down(world, client, report, way):
    no = report()
    headers = world.bearer("ys.lake.manager")
    world.login(client, "ys.lake.manager")
    refused, unknown = (client.get(way.format(one), headers=headers) for one in (no, NOWHERE))
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.text.replace(no, "") == unknown.text.replace(NOWHERE, "")
    assert noted() == [("371323", world.people["ys.lake.manager"].id, f"report:{no}", "查看")]


def test_asking_again_adds_nothing_and_acting_is_told_apart(world, client, report):
    no, headers = report(), world.bearer("ys.lake.manager")
    for _ in range(3):
        client.get(f"/api/v1/reports/{no}", headers=headers)
        act = client.post(f"/api/v1/reports/{no}/acts/accept", json={"version": 1}, headers=headers)
        assert act.status_code == 404
    assert [one[3] for one in noted()] == ["查看", "操作"]


def test_nobody_fills_the_chain(world, client, report):
    headers = world.bearer("ys.lake.manager")
    for _ in range(A_DAY + 3):
        client.get(f"/api/v1/reports/{report()}", headers=headers)
    assert len(noted()) == A_DAY
    client.get(f"/api/v1/reports/{report('ys.lake')}", headers=world.bearer("ys.hill.manager"))
    assert len(noted()) == A_DAY + 1
    assert len({row.count for row in db.session.query(Tally).filter(Tally.count > A_DAY)}) == 0


def test_what_is_one_s_own_or_nowhere_or_another_county_s_is_not_written_down(world, client, report):
    own, far = report("ys.lake"), report("st.hill")
    headers = world.bearer("ys.lake.manager")
    assert client.get(f"/api/v1/reports/{own}", headers=headers).status_code == 200
    for no in (NOWHERE, far, "x"):
        assert client.get(f"/api/v1/reports/{no}", headers=headers).status_code == 404
        assert client.get(f"/api/v1/reports/{no}/join", headers=headers).status_code == 404
    assert client.get(f"/api/v1/reports/{own}/join", headers=headers).status_code == 404
    assert client.post(f"/api/v1/reports/{own}/acts/nothing", headers=headers).status_code in {404, 422}
    assert noted() == []


def test_residents_and_strangers_leave_no_trace(world, client, report):
    no = report()
    one = Resident(
        county_id="000000", appid="wx", openid_sealed="x", openid_index="7" * 64, created_at=world.now
    )
    db.session.add(one)
    db.session.flush()
    token, _ = open_for_resident(one.id, device="test", now=world.now)
    db.session.commit()
    for headers in ({}, {"Authorization": f"Bearer {token}"}, {"Authorization": "Bearer " + "n" * 43}):
        assert client.get(f"/api/v1/reports/{no}", headers=headers).status_code == 404
    assert noted() == []


def test_a_confidential_report_is_as_if_it_were_nowhere(world, client):
    open_desks(world)
    db.session.commit()
    no = told(client, world).json["no"]
    for name in ("ys.lake.manager", "ys.bureau", "ys.police_sealed"):
        assert client.get(f"/api/v1/reports/{no}", headers=world.bearer(name)).status_code == 404
    assert noted() == []


def test_a_foreign_estate_is_written_down_and_one_s_own_is_not(world, client):
    hill, lake = world.estates["ys.hill"].id, world.estates["ys.lake"].id
    manager = world.login(client, "ys.lake.manager")
    assert manager.get(f"/m/disclosures/{hill}/charges").status_code == 404
    assert manager.get(f"/m/disclosures/{lake}/nothing").status_code == 404
    assert manager.get("/m/disclosures/999999/charges").status_code == 404
    assert [one[2] for one in noted()] == [f"estate:{hill}"]


def test_the_auditor_reads_it_in_words_and_the_chain_holds(world, client, report):
    no = report()
    world.login(client, "ys.lake.manager").get(f"/m/{no}")
    page = words(opened(world.login(client, "ys.admin"), "/b/audit?act=sight.refuse"))
    for part in ("想打开不归自己的内容，被拒绝", no, "查看"):
        assert part in page
    row = db.session.query(audit.Audit).filter(audit.Audit.act == ACT).one()
    content = {name: getattr(row, name) for name in ("county_id", "seq", "at", "act", "person_id", "post_id", "about", "reason", "facts")}  # fmt: skip
    assert audit.fingerprint(content, prev=row.prev_hash) == row.hash
