"""山亭区: an estate without a company. A street-run firm is named, the community takes the report up and resolves it (A14)."""

import pytest
from playwright.sync_api import expect

from server.core.db import db
from server.reports.queries import report_by_no
from tests.journeys.looks import faults_of, too_wide
from tests.journeys.test_resident_journey import hand_in, snapshot
from tests.journeys.test_staff import desk  # noqa: F401 - a fixture
from tests.world import add_estate

pytestmark = pytest.mark.browser
FIRM, PHONE = "城南街道物业服务公司", "0632-8000001"


@pytest.fixture(scope="module")
def bare(site):
    """An estate whose company is gone; the bureau has entered who looks after it. Its scan code."""
    with site.app.app_context():
        add_estate(site.world, "st.bare", "st.community", "老机械厂家属院", None)
        estate = site.world.estates["st.bare"]
        estate.stand_kind, estate.stand_name, estate.stand_phone = "township_company", FIRM, PHONE
        code = site.world.code("st.bare")
        db.session.commit()
        db.session.remove()
    return code


def test_the_community_stands_where_the_manager_would(phone, desk, site, bare):  # noqa: F811
    tab = phone(java_script_enabled=False)
    tab.goto(f"{site.base}/e/{bare}")
    expect(tab.get_by_text(FIRM)).to_be_visible()
    expect(tab.locator(f"a[href='tel:{PHONE}']")).to_be_visible()
    expect(tab.get_by_text("由社区负责受理").first).to_be_visible()
    tab.get_by_role("link", name="报修、投诉", exact=True).click()
    tab.get_by_text("设施维修", exact=True).click()
    tab.get_by_text("路灯", exact=True).click()
    tab.get_by_label("说明").fill("门口路灯不亮，没有物业可以找")
    hand_in(tab)
    expect(tab.get_by_text("测试社区").first).to_be_visible()
    no = tab.url.split("/r/")[1].split("?")[0]

    community = desk("st.community")
    community.goto("/m/")
    community.locator(f"a[href='/m/{no}']").first.click()
    assert not too_wide(community)
    community.get_by_role("button", name="受理").click()
    expect(community.get_by_role("status").first).to_contain_text("已受理")
    community.get_by_role("link", name="办结", exact=True).click()
    community.get_by_text("已解决", exact=True).click()
    community.locator('input[type="file"]').nth(1).set_input_files(snapshot(9))
    community.get_by_label("说明").fill("街道物业服务公司换了灯泡")
    assert faults_of(community) == []
    community.get_by_role("button", name="提交办结").click()
    expect(community.get_by_role("status").first).to_contain_text("已提交办结")

    tab.goto(f"{site.base}/r/{no}")
    expect(tab.get_by_text("处理后")).to_be_visible()
    with site.app.app_context():
        report = report_by_no(no)
        assert (report.state, report.project_body_id) == ("resolved", None)
        assert report.handler_id == site.world.bodies["st.community"].id
        db.session.remove()
