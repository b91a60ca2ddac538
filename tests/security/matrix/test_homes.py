"""Whoever logs in begins on a page that opens for him, and everything that is offered him there opens too."""

import re

import pytest

from server.accounts.roles import Actor, Held, Role
from server.web.navigation import home_of
from tests.security.scene import STAFF

HOMES = {
    "manager": "/m/", "company": "/m/", "department": "/m/", "utility": "/m/", "court": "/m/",
    "community": "/m/", "township": "/m/", "bureau": "/b/", "admin": "/b/estates", "auditor": "/b/audit",
    "confidential": "/c/",
}  # fmt: skip
LINK = re.compile(r'<a[^>]+href="(/[^"#?]*)')


def test_every_role_has_a_home():
    held = {role: Held(1, 1, "单位", Role(role), "371323", "岗位") for role in STAFF}
    assert {role: home_of(Actor(posts=(post,))) for role, post in held.items()} == HOMES


@pytest.mark.parametrize("role", STAFF)
def test_a_home_and_all_it_leads_to_open(stage, role):
    page = stage.call("GET", HOMES[role], role)
    assert page.status_code == 200
    for address in sorted(set(LINK.findall(page.get_data(as_text=True)))):
        assert stage.call("GET", address, role).status_code < 400, address


def test_a_companys_head_reads_along_and_does_nothing(stage):
    no = stage.scene.things["own"]["no"]
    page = stage.call("GET", f"/m/{no}", "company").get_data(as_text=True)
    assert no in page
    assert f'action="/m/{no}/' not in page
    told = stage.call("GET", f"/api/v1/reports/{no}", "company").json
    assert told["acts"] == []
    answer = stage.call("POST", f"/m/{no}/accept", "company", data={"version": "1"})
    assert answer.status_code == 409
