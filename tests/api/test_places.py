import pytest

from server.policy.loader import books


def test_a_code_tells_the_place_whole(client, world):
    place = client.get(f"/api/v1/places/{world.code('ys.hill')}").json
    assert (place["estate"], place["company"]["name"]) == ("青山花园小区", "好邻居物业")
    assert place["bureau"]["name"] == world.bodies["ys.bureau"].name
    assert {line["kind"] for line in place["disclosures"]} >= {"charges", "income", "contacts"}


def test_each_kind_says_who_handles_it_and_how_fast(client, world):
    kinds = client.get(f"/api/v1/places/{world.code('ys.hill')}").json["kinds"]
    trapped = next(kind for kind in kinds if kind["label"] == "电梯困人" or kind["label"] == "困人")
    assert (trapped["accept_within"], trapped["resolve_within"]) == ("30分钟", "2小时")
    assert trapped["handler"] == "好邻居物业"
    assert trapped["call_first"]
    assert any("市场监管" in name for name in trapped["joint"])


def test_confidential_kinds_are_not_offered(client, world):
    offered = {kind["key"] for kind in client.get(f"/api/v1/places/{world.code('ys.hill')}").json["kinds"]}
    hidden = {key for key, kind in books()["371323"].kinds.items() if kind.confidential}
    assert hidden
    assert not offered & hidden


def test_where_there_is_no_company_the_community_handles(client, world):
    place = client.get(f"/api/v1/places/{world.code('ys.bare')}").json
    assert place["company"] == {"name": None, "phone": None}
    assert {kind["handler"] for kind in place["kinds"]} >= {"测试社区"}


def test_a_code_is_taken_in_either_case_with_or_without_hyphens(client, world):
    code = world.code("ys.hill")
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    assert client.get(f"/api/v1/places/{typed}").json["code"] == code


@pytest.mark.parametrize("code", ["000000000000", "short", "%00", "字" * 12])
def test_whatever_is_no_code_gets_one_answer(client, world, code):
    answer = client.get(f"/api/v1/places/{code}")
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_code")
