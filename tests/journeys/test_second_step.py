"""Setting up an authenticator and logging in with it, in a real browser, with and without script."""

import pytest
from playwright.sync_api import expect

from server.accounts.models import Person
from server.accounts.passwords import hash_password
from server.accounts.roles import Role
from server.core import clock
from server.core.db import db
from tests.accounts.phone import code_of
from tests.journeys.looks import SCREENS, faults_of, too_wide
from tests.journeys.test_staff import desk  # noqa: F401 - a fixture
from tests.world import hire

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


def fine(tab):
    assert faults_of(tab) == []
    assert not too_wide(tab)


@pytest.fixture(params=SCREENS)
def newcomer(request, site):
    """A member of the bureau of one's own for each screen, with a password."""
    name = f"second.{request.param}"
    with site.app.app_context():
        site.world.now = clock.now()
        body = db.session.merge(site.world.bodies["ys.bureau"])
        found = db.session.scalar(db.select(Person).where(Person.username == name))
        person = found or hire(site.world, name, body, Role.BUREAU)
        person.password_hash = hash_password(PASSWORD, username=name)
        site.world.people[name] = person
        db.session.commit()
        number = person.id
        db.session.remove()
    return request.param, name, number


def code(site, number, steps):
    with site.app.app_context():
        found = code_of(db.session.get_one(Person, number), steps=steps)
        db.session.remove()
    return found


def test_from_the_secret_to_the_second_step_and_a_reset(desk, site, newcomer):  # noqa: F811
    screen, name, number = newcomer
    tab = desk(name, screen)
    tab.goto("/account/second-factor")
    tab.fill("#f-password", PASSWORD)
    tab.click("text=开始设置")
    expect(tab.locator("#secret")).to_be_visible()
    fine(tab)
    tab.fill("#f-totp", code(site, number, 0))
    tab.click("text=确认并开启")
    expect(tab.locator("main code")).to_have_count(10)
    fine(tab)
    tab.click("text=我记下了")
    tab.goto("/account/second-factor")
    fine(tab)
    tab.context.clear_cookies()
    tab.goto("/login")
    tab.fill("#f-username", name)
    tab.fill("#f-password", PASSWORD)
    tab.click("main [type=submit]")
    tab.wait_for_url("**/login/code")
    tab.locator("summary").click()
    fine(tab)
    tab.fill("#f-totp", code(site, number, 1))
    tab.locator("main [type=submit]").first.click()
    tab.wait_for_url("**/b/")
    admin = desk("ys.admin", screen)
    admin.goto(f"/b/people/{number}")
    admin.click("a:has-text('重置两步验证')")
    admin.wait_for_url("**/totp-reset")
    fine(admin)
