"""我也遇到 on pages and in calls: what a stranger sees of a neighbour's report, the step before sending, what stays his."""

from datetime import timedelta

from server.core.db import db
from server.moderation.models import PublicPiece, PublicReport
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from tests.escalation.cases import do, filed, kind_like
from tests.web.conftest import read, submit

TEXT = "三楼张家门口的灯坏了"
HOME = {"building": "3号楼", "unit": "2单元", "where": "501室"}


def tell(client, world, **more):
    """Send the form without a script."""
    page = read(client.get(f"/e/{world.code('ys.hill')}/report"))
    return submit(client, page, kind=kind_like(), tile=kind_like().partition(".")[0], text=TEXT, **more)


def another(app):
    return app.test_client()


def test_a_neighbour_sees_kind_building_and_day_alone_joins_with_one_tap_and_answers_for_himself(
    app, client, world
):
    code = world.code("ys.hill")
    sent = tell(client, world, building="", where=HOME["where"])
    assert sent.status_code == 303
    no = sent.location.split("/r/")[1].partition("?")[0]
    stranger = another(app)
    again = tell(stranger, world, where="别处")
    assert again.status_code == 409, "without a script there is a step between form and sending"
    step = read(again)
    words = step.find(id="similar").get_text()
    assert "我也遇到" in words
    assert not any(secret in words for secret in (TEXT, "501", "2单元", no))
    assert step.find("textarea", {"name": "text"}).text == TEXT, "nothing typed is lost"
    joined = stranger.post(
        f"/e/{code}/join",
        data={"no": no, "csrf_token": step.find(id="join").find("input", {"name": "csrf_token"})["value"]},
    )
    assert joined.status_code == 303
    page = stranger.get(joined.location)
    assert "您也遇到了这个问题" in page.text
    assert TEXT not in page.text
    assert "501" not in page.text
    assert f"/r/{no}" in stranger.get("/my").text
    assert "我也遇到" in stranger.get("/my/data").text
    assert stranger.get(f"/r/{no}/withdraw").status_code == 404, "he is no reporter"
    own = client.get(sent.location)
    assert "1 户邻居也遇到" in own.text
    bare = another(app).get(sent.location)
    assert "少于3 户邻居也遇到" in bare.text
    report = report_by_no(no)
    do(world, report, Act.ACCEPT, "ys.hill.manager")
    do(world, report, Act.RESOLVE, "ys.hill.manager", outcome="solved")
    answered = submit(stranger, read(stranger.get(joined.location)), at=f"/r/{no}/neighbour", do="not_solved")
    assert answered.status_code == 303
    assert "1 户说没解决" in client.get(sent.location).text
    sends = submit(stranger, step, seen="1")
    assert sends.status_code == 303, "and whoever looked sends all the same"


def test_the_calls_show_join_answer_and_leave_and_give_no_identity(app, client, world):
    report = filed(world)
    code, kind = world.code("ys.hill"), report.kind
    token = {"Authorization": f"Bearer {'n' * 32}"}
    found = client.get(f"/api/v1/places/{code}/similar?kind={kind}", headers=token).json["items"]
    assert [one["no"] for one in found] == [report.no]
    assert set(found[0]) == {
        "no", "version", "building", "state", "submitted_on", "text", "photos", "neighbours", "own", "joined",
    }  # fmt: skip
    assert found[0]["text"] == ""
    report.public = True
    for row in _released(report, world):
        db.session.add(row)
        db.session.flush()
    assert client.get(f"/api/v1/places/{code}/similar?kind={kind}").json["items"][0]["text"] == "灯坏了"
    joining = f"/api/v1/reports/{report.no}/acts/join"
    assert client.post(joining, json={"place": code}).status_code == 401
    assert client.post(joining, json={"place": world.code("ys.lake")}, headers=token).status_code == 404
    for _ in range(2):
        view = client.post(joining, json={"place": code, "version": 99, "door": "501"}, headers=token)
        assert view.status_code == 200
    assert view.json["neighbours"] == {"households": "少于3", "solved": 0, "not_solved": 0}
    assert client.get(f"/api/v1/reports/{report.no}", headers=token).status_code == 404
    own = f"/api/v1/reports/{report.no}/join"
    assert client.put(own, json={"answer": "solved"}, headers=token).status_code == 409
    assert client.delete(own, headers=token).status_code == 204
    assert client.get(own, headers=token).status_code == 404


def _released(report, world):
    rows = {"county_id": report.county_id, "report_id": report.id}
    yield PublicReport(
        **rows,
        estate_id=report.estate_id,
        community_id=report.community_id,
        agreed_at=world.now,
        published_at=world.now + timedelta(hours=1),
    )
    yield PublicPiece(
        **rows, piece="text", state="released", verdict="manual", created_at=world.now, public_text="灯坏了"
    )


def test_the_desk_shows_what_may_be_the_same_merges_it_and_hides_small_numbers_from_the_company(
    app, client, world
):
    first = filed(world)
    second = filed(world, key="l" * 32)
    third = filed(world, key="m" * 32)
    world.login(client, "ys.bureau")
    page = read(client.get(f"/b/{first.no}"))
    assert f"可能是同一件：{second.no}" in page.text
    form = read(client.get(f"/b/{first.no}/merge")).find("main")
    assert submit(client, form, at=f"/b/{first.no}/merge", lead_no="YS240101-00000").status_code == 422
    done = submit(client, form, at=f"/b/{first.no}/merge", lead=second.no, lead_no="")
    assert done.status_code == 303
    assert f"已并入 {second.no}" in client.get(f"/b/{first.no}").text
    both = client.get(f"/b/{second.no}").text
    assert f"{first.no} 并入本件" in both
    assert "1 户邻居也遇到" in both
    manager = another(app)
    world.login(manager, "ys.hill.manager")
    seen = manager.get(f"/m/{second.no}").text
    assert "少于3 户邻居也遇到" in seen
    assert "可能是同一件" not in seen
    headers = world.bearer("ys.bureau")
    call = f"/api/v1/reports/{third.no}/acts"
    body = {"version": third.version, "text": "同一件", "lead": second.no}
    assert client.post(f"{call}/merge", json=body, headers=headers).json["closed_as"] == "merged"
    undone = client.post(f"{call}/split", json={"version": 2, "text": "不是同一件"}, headers=headers)
    assert undone.json["state"] == "submitted"
