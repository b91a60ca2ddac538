import io
import json

import pytest
from PIL import Image

from tests.reports.test_filing import kind_of

KEY = {"Idempotency-Key": "A" * 32}


def body(world, **more):
    return {"place": world.code("ys.hill"), "kind": kind_of(world, "漏水"), "text": "漏水了"} | more


def file(client, world, headers=KEY, **more):
    data = json.dumps(body(world, **more))
    return client.post("/api/v1/reports", data=data, headers=headers, content_type="application/json")


def owner(answer):
    return {"Authorization": f"Bearer {answer.json['owner_token']}"}


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return out.getvalue()


def act(client, no, name, headers, **more):
    report = client.get(f"/api/v1/reports/{no}", headers=headers).json
    more = {"version": report["version"]} | more
    return client.post(f"/api/v1/reports/{no}/acts/{name}", json=more, headers=headers)


def test_anybody_files_and_gets_number_handler_deadlines_and_proof(client, world):
    answer = file(client, world)
    assert answer.status_code == 201
    assert answer.json["no"].startswith("YS261118-")
    assert answer.json["handler"] == "好邻居物业"
    assert answer.json["accept_due_at"].startswith("2026-11-18T04:00:00")


def test_a_repeat_gets_200_and_the_same_body(client, world):
    first, second = file(client, world), file(client, world)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json


def test_the_same_key_with_another_body_is_409_and_names_the_first(client, world):
    first = file(client, world)
    answer = file(client, world, text="别的")
    assert answer.status_code == 409
    assert answer.json["no"] == first.json["no"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "nothing"}, "kind"),
        ({"text": "字" * 1001}, "text"),
        ({"text": "a\u0000b"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"phone": "123"}, "phone"),
        ({"photos": ["x"]}, "photos"),
        ({"estate_id": 1}, "estate_id"),
        ({"state": "closed"}, "state"),
    ],
)
def test_what_cannot_be_taken_is_422_at_its_field(client, world, more, field):
    answer = file(client, world, **more)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_a_key_of_too_few_bits_is_refused(client, world):
    assert file(client, world, headers={"Idempotency-Key": "short"}).status_code == 422


def test_unknown_and_revoked_codes_get_one_answer(client, world):
    unknown = file(client, world, place="0" * 12)
    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown_code")


def test_the_reporter_and_his_manager_see_it_and_strangers_do_not(client, world):
    no = file(client, world).json["no"]
    assert client.get(f"/api/v1/reports/{no}").status_code == 404
    seen = client.get(f"/api/v1/reports/{no}", headers=world.bearer("ys.hill.manager"))
    assert seen.json["acts"][:2] == ["accept", "reply"]
    for other in ("ys.lake.manager", "st.bureau", "ys.admin"):
        assert client.get(f"/api/v1/reports/{no}", headers=world.bearer(other)).status_code == 404


def test_the_whole_loop_through_the_api(client, world):
    answer = file(client, world)
    no, mine, manager = answer.json["no"], owner(answer), world.bearer("ys.hill.manager")
    assert act(client, no, "accept", manager).json["state"] == "accepted"
    assert act(client, no, "resolve", manager).status_code == 422
    photo = client.post("/api/v1/photos", data={"file": (io.BytesIO(jpeg()), "a.jpg")}).json["id"]
    assert act(client, no, "resolve", manager, photos=[photo]).json["state"] == "resolved"
    closed = act(client, no, "confirm", mine, score=5)
    assert (closed.json["state"], closed.json["score"]) == ("closed", 5)
    reopened = act(client, no, "reopen", mine, text="又漏了")
    assert reopened.json["state"] == "accepted"
    assert reopened.json["reopen_due_at"] is not None


def test_a_stale_version_is_409_with_the_present_state(client, world):
    answer = file(client, world)
    manager = world.bearer("ys.hill.manager")
    act(client, answer.json["no"], "accept", manager)
    late = act(client, answer.json["no"], "reply", manager, version=1, text="好")
    assert (late.status_code, late.json["state"], late.json["version"]) == (409, "accepted", 2)


def test_an_act_that_the_workflow_does_not_allow_is_409(client, world):
    answer = file(client, world)
    assert act(client, answer.json["no"], "confirm", owner(answer)).status_code == 409


def test_an_unknown_query_argument_is_refused(client, world):
    answer = client.get("/api/v1/reports?colour=red", headers=world.bearer("ys.bureau"))
    assert answer.status_code == 422


def test_pages_of_the_list_hold_every_report_once(client, world):
    for number in range(5):
        file(client, world, headers={"Idempotency-Key": f"{number}" * 32})
    manager, seen, after = world.bearer("ys.hill.manager"), [], ""
    while after is not None:
        page = client.get(f"/api/v1/reports?limit=2&after={after}", headers=manager).json
        seen += [item["no"] for item in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 5


def test_deep_json_and_large_json_are_refused_before_they_hurt(client, world):
    deep = client.post("/api/v1/reports", data="[" * 60000, headers=KEY, content_type="application/json")
    assert deep.status_code in (400, 422)
    large = client.post(
        "/api/v1/reports", data="{}" + " " * 70000, headers=KEY, content_type="application/json"
    )
    assert large.status_code == 413


def test_a_wrong_password_is_401_counted_and_locks_after_five(client, world):
    tries = [
        client.post("/api/v1/sessions/staff", json={"username": "ys.bureau", "password": "wrong"}).status_code
        for _ in range(6)
    ]
    assert tries == [401] * 5 + [429]
