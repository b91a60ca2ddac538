"""No page is forgotten: each GET route is looked at here or beside, or says why it is no page."""

from uuid import uuid4

import pytest

from server.accounts.invitations import WECHAT, invite
from server.accounts.roles import Actor
from server.core import clock
from server.core.db import db
from server.disclosures.contents import Charge, Charges
from server.disclosures.service import hand_in, publish
from server.estates.models import Estate
from server.photos.service import keep_photo
from server.reports.filing import Filing, file_report
from server.supervision.campaigns import Plan, open_campaign
from tests.journeys.looks import SCREENS, faults_of, too_wide
from tests.journeys.test_staff import desk  # noqa: F401 - a fixture
from tests.photos.pictures import encoded, flag
from tests.supervision.stage import closed

pytestmark = pytest.mark.browser

BESIDE = {
    "called_link.show",
    "account.show", "feed_page.feed", "handled.form", "handled.show", "inbox.inbox", "landing.landing",
    "ledger.ledger", "counts.counts", "login.ask", "resident_about.help_page", "resident_about.privacy",
    "resident_acts.form", "resident_disclosures.contacts", "resident_disclosures.disclosures",
    "sealed_inbox.show", "sealed_key.show", "sealed_report.show",
    "resident_find.form", "resident_report.form", "resident_rights.data", "resident_rights.all_data",
    "resident_rights.ask_erase", "resident_track.my", "resident_track.track",
    "login.ask_code", "bureau_terms.ask_reset", "staff_help.bureau", "staff_help.manager", "staff_help.community", "staff_help.department", "bureau_bodies.overview", "contact.ask", "contact.ask_centre", "watched.form", "watched.show", "wechat_news.ask",
}  # fmt: skip
"""Looked at in test_resident_looks, test_staff, test_confidential, test_second_step, test_whistle and the tests of WeChat's button."""
NO_PAGE = {
    "sealed_report.photo",
    "static", "api-docs.openapi_json", "health.healthz", "health.readyz", "metrics.show", "photo.photo", "resident_published.photo",
    "bureau_board.board", "bureau_prints.one", "bureau_prints.many", "bureau_imports.faults",
    "bureau_imports.template", "bureau_imports.preview", "feed_page.fragment",
    "bureau_hotline_table.faults", "bureau_hotline_table.preview", "resident_rights.data_file", "resident_rights.all_data_file",
    "resident_neighbours.fragment", "resident_track.mine", "resident_track.go", "wechat_callback.verify", "wechat_checks.check_file",
    "wechat_news.jssdk", "wechat_news.news", "wechat_oauth.begin_binding", "wechat_oauth.callback",
    "wechat_oauth.start",
}  # fmt: skip
"""Files, fragments, redirects; the preview is a form's answer and is looked at below by its upload."""


def charges(price):
    """What the estate charges, at this price."""
    return Charges((Charge("物业服务费", price, "元/㎡·月", "物业服务合同"),))


def public_report(world):
    """A report that its author agreed to show; its number."""
    photo, _ = keep_photo(encoded(flag((640, 480))), now=clock.now())
    filing = Filing(kind="pipe.leak", text="地下室漏水", photos=(photo.id,), public=True)
    filed = file_report(world.place("ys.hill"), filing, key=f"public-{photo.id}", by=Actor(), now=clock.now())
    db.session.commit()
    return filed.no


def looked_back(world):
    """A campaign that drew a report solved at two estates; its address and that of one report."""
    drawn = [closed(world, place, f"again-{place}-{uuid4().hex}") for place in ("ys.hill", "ys.lake")]
    today, post = clock.today(world.now), world.actor("ys.bureau").posts[0]
    plan = Plan(name="年末回头看", begins_on=today, ends_on=today, posts=(post.post_id,), number=9)
    row = open_campaign(plan, seed="a1", by=world.actor("ys.bureau"), now=clock.now())
    db.session.commit()
    return f"/b/lookback/{row.id}", f"/b/lookback/{row.id}/{drawn[0].no}"


def places(site):
    """Where each page stands, by its endpoint; made when something has to be there first."""
    with site.app.app_context():
        world = site.world
        estate = db.session.get_one(Estate, world.estates["ys.hill"].id)
        manager = db.session.merge(world.people["ys.hill.manager"])
        body = db.session.merge(world.bodies["ys.hill"])
        where, bureau, manager_now = (
            world.place("ys.hill"),
            world.actor("ys.bureau"),
            world.actor("ys.hill.manager"),
        )
        publish(where, charges("1.10"), by=bureau, now=clock.now())
        publish(where, charges("1.20"), by=bureau, now=clock.now())
        handed = hand_in(where, charges("1.30"), by=manager_now, now=clock.now())
        token = invite(manager, by=None, now=clock.now())
        binding = invite(manager, purpose=WECHAT, by=None, now=clock.now())
        term = f"/b/people/{manager.id}/posts/{manager_now.posts[0].post_id}"
        db.session.commit()
        campaign, item = looked_back(world)
        found = {
            "bureau_hotline.overview": "/b/hotline",
            "goal.show": "/b/goal",
            "lookback.show_list": "/b/lookback",
            "lookback.new": "/b/lookback/new",
            "lookback.show": campaign,
            "lookback.ask_export": f"{campaign}/export",
            "lookback_item.ask": item,
            "work_ledger.show": "/b/ledger",
            "work_ledger.sheet": "/b/ledger/print",
            "work_ledger.ask": "/b/ledger/export",
            "mediation.cases": "/m/mediation",
            "bureau_disclosures.overview": "/b/disclosures",
            "bureau_disclosures.one": f"/b/disclosures/{handed.row.id}",
            "bureau_estates.show_list": "/b/estates",
            "bureau_estates.new": "/b/estates/new",
            "bureau_estates.show": f"/b/estates/{estate.id}",
            "bureau_estates.edit": f"/b/estates/{estate.id}/edit",
            "bureau_estate_parts.buildings": f"/b/estates/{estate.id}/buildings",
            "bureau_estate_parts.company": f"/b/estates/{estate.id}/company",
            "bureau_estate_parts.numbers": f"/b/estates/{estate.id}/numbers",
            "bureau_estate_parts.new_spot": f"/b/estates/{estate.id}/spots/new",
            "bureau_imports.form": "/b/estates/import",
            "bureau_people.show_list": "/b/people",
            "bureau_people.show": f"/b/people/{manager.id}",
            "bureau_bodies.one": f"/b/bodies/{body.id}",
            "bureau_people.show_body": f"/b/people/bodies/{body.id}",
            "bureau_handover.ask_leave": f"/b/people/{manager.id}/leave",
            "bureau_terms.ask_term": f"{term}/term",
            "bureau_terms.ask_stand_in": f"{term}/stand-in",
            "second_factor.show": "/account/second-factor",
            "wechat_binding.ask": f"/bind/{binding}",
            "wechat_binding.done": "/bound",
            "bureau_handover.ask_end": f"/b/people/{manager.id}/posts/{manager_now.posts[0].post_id}/end",
            "callers.callers": "/m/callers",
            "disclose.overview": "/m/disclosures",
            "disclose.form": f"/m/disclosures/{estate.id}/income",
            "ledger.ask": "/b/reports/export",
            "audit.show": "/b/audit",
            "status.show": "/b/status",
            "invitation.ask": f"/invite/{token}",
            "bureau_flags.show_list": "/b/flags",
            "patrol.codes": "/patrol",
            "patrol.ask": "/patrol/look?code=0123456789AB",
            "patrol.faults": "/patrol/faults",
            "bureau_review.overview": "/b/review",
            "bureau_review.one": f"/b/review/{public_report(world)}",
            "resident_rules.rules": f"/e/{site.codes['ys.hill']}/rules",
            "resident_published.reports": f"/e/{site.codes['ys.hill']}/reports",
            "resident_disclosures.earlier": f"/e/{site.codes['ys.hill']}/disclosures/charges",
        }
        db.session.remove()
    return found


def test_every_address_is_looked_at_or_is_no_page(site):
    reading = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {
        name
        for name in reading
        if not name.startswith(("reports.", "feed.", "disclosures.", "places.", "neighbours."))
    }
    assert pages - BESIDE - NO_PAGE == places(site).keys()


def test_pages_are_free_of_faults_that_axe_knows_and_fit_the_screen(desk, site):  # noqa: F811
    bureau, manager, admin = (desk(f"ys.{name}") for name in ("bureau", "hill.manager", "admin"))
    tabs = {"disclose": manager, "audit": admin}
    for endpoint, address in places(site).items():
        tab = tabs.get(endpoint.split(".")[0], bureau)
        answer = tab.goto(address)
        assert answer.status == 200, endpoint
        assert faults_of(tab) == [], endpoint
        for size in SCREENS.values():
            tab.set_viewport_size(size)
            assert not too_wide(tab), endpoint


def test_a_faulty_table_is_previewed_without_faults_of_the_page(desk, site):  # noqa: F811
    tab = desk("ys.bureau")
    tab.goto("/b/estates/import")
    table = "社区名称,小区名称,户数\n测试社区,新小区,约300\n测试社区,另一小区,200\n"
    sheet = {"name": "小区.csv", "mimeType": "text/csv", "buffer": table.encode("utf-8-sig")}
    tab.set_input_files("input[type=file]", sheet)
    tab.click("main form [type=submit]")
    tab.wait_for_load_state("networkidle")
    assert "约300" in tab.inner_text("main")
    assert faults_of(tab) == []
