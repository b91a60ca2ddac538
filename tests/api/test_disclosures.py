import pytest

from tests.disclosures.samples import BOARD, CHARGES, entered, income, shown

CHARGE = {"name": "物业服务费", "price": "1.20", "unit": "元/㎡·月"}
INCOME = {
    "opening": "100.00",
    "income": [{"name": "电梯广告", "amount": "1,000.5"}],
    "spending": [{"name": "维修", "amount": "100.50"}],
    "closing": "1000.00",
}
LINE = {"department": "县住建局", "duty": "监管", "contact": "", "phone": "0539-0000001"}


def address(world, name="ys.hill", what="disclosures"):
    return f"/api/v1/estates/{world.estates[name].id}/{what}"


def test_everybody_reads_what_is_released_and_only_that(client, world):
    shown(world, CHARGES)
    shown(world, income(), period="2026-Q3")
    entered(world, BOARD)
    answer = client.get(address(world))
    assert answer.status_code == 200
    assert [(one["kind"], one["period"]) for one in answer.json["items"]] == [
        ("charges", ""),
        ("income", "2026-Q3"),
    ]
    assert answer.json["items"][1]["income"]["closing"] == "6049.50"
    assert answer.json["items"][0]["released_on"] == "2026-11-18"
    assert [line["kind"] for line in answer.json["summary"]] == [
        "manager",
        "services",
        "charges",
        "phones",
        "income",
        "contacts",
    ]
    assert client.get(address(world, what="contacts")).json["items"] == []


def test_the_manager_hands_in_and_the_same_again_is_200(client, world):
    headers = world.bearer("ys.hill.manager")
    body = {"kind": "charges", "charges": [CHARGE]}
    first = client.post(address(world), json=body, headers=headers)
    assert (first.status_code, first.json["state"], first.json["revision"]) == (201, "draft", 1)
    again = client.post(address(world), json=body, headers=headers)
    assert (again.status_code, again.json["revision"]) == (200, 1)
    assert client.get(address(world)).json["items"] == []


def test_income_comes_as_texts_and_must_add_up(client, world):
    headers = world.bearer("ys.community")
    body = {"kind": "income", "period": "2026-Q3", "income": INCOME}
    taken = client.post(address(world), json=body, headers=headers)
    assert taken.json["income"]["income"] == [{"name": "电梯广告", "amount": "1000.50"}]
    off = client.post(address(world), json=body | {"income": INCOME | {"closing": "1"}}, headers=headers)
    assert off.status_code == 422
    assert "对不上" in off.json["errors"]["income.closing"]


def test_the_board_is_put_whole_and_mobiles_need_a_word(client, world):
    headers = world.bearer("ys.bureau")
    mobile = LINE | {"phone": "13800000000"}
    refused = client.put(address(world, what="contacts"), json={"items": [LINE, mobile]}, headers=headers)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["items.1.phone"])
    items = [LINE, mobile | {"office": True}]
    taken = client.put(address(world, what="contacts"), json={"items": items}, headers=headers)
    assert (taken.status_code, taken.json["contacts"][1]["office"]) == (200, True)
    shown(world, BOARD)
    found = client.get(address(world, what="contacts")).json
    assert (found["revision"], len(found["items"])) == (2, 2)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "charges"}, "charges"),
        ({"kind": "contacts"}, "kind"),
        ({"kind": "nothing"}, "kind"),
        ({"kind": "charges", "charges": [CHARGE], "period": "2026-Q3"}, "period"),
        ({"kind": "charges", "charges": [CHARGE, CHARGE]}, "charges.1.name"),
        ({"kind": "charges", "charges": [CHARGE | {"extra": 1}]}, "charges.0.extra"),
        ({"kind": "income", "income": INCOME}, "period"),
        ({"kind": "income", "period": "2026-Q3", "income": INCOME | {"opening": 1.5}}, "income.opening"),
    ],
)
def test_bodies_that_cannot_be_taken_name_the_field(client, world, body, field):
    answer = client.post(address(world), json=body, headers=world.bearer("ys.bureau"))
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), ("ys.town", 403), ("ys.lake.manager", 404), ("st.bureau", 404)]
)
def test_others_do_not_write(client, world, who, status):
    headers = world.bearer(who) if who else {}
    body = {"kind": "charges", "charges": [CHARGE]}
    assert client.post(address(world), json=body, headers=headers).status_code == status
    items = {"items": [LINE]}
    assert client.put(address(world, what="contacts"), json=items, headers=headers).status_code == status


@pytest.mark.parametrize("what", ["disclosures", "contacts"])
@pytest.mark.parametrize("number", ["0", str(2**63 - 1), str(2**70), "x"])
def test_an_estate_that_is_not_there_is_404(client, world, what, number):
    assert client.get(f"/api/v1/estates/{number}/{what}").status_code == 404


def test_unknown_arguments_are_refused(client, world):
    assert client.get(address(world) + "?when=now").status_code == 422
