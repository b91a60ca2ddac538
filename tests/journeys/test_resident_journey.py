"""A resident at a bad network: scan, three photos, no signal, reload, sent exactly once; and all of it without a script."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from server.core.db import db
from server.photos.models import Photo
from server.reports.models import Report

pytestmark = pytest.mark.browser


def snapshot(number):
    """A picture as a phone takes it, another one for every number."""
    stream = BytesIO()
    Image.effect_noise((1200 + 40 * number, 900), 60).save(stream, "JPEG", quality=88)
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}


def stored(site, text):
    """The reports with these words and how many photos each has."""
    with site.app.app_context():
        rows = db.session.execute(db.select(Report.no, Report.id).where(Report.text == text)).all()
        photos = [
            db.session.scalar(db.select(db.func.count()).where(Photo.report_id == row.id)) for row in rows
        ]
        db.session.remove()
    return [row.no for row in rows], photos


def choose(tab, group="水电气暖", kind="漏水"):
    tab.get_by_text(group, exact=True).click()
    tab.get_by_text(kind, exact=True).click()


def hand_in(tab):
    """Press send; once more where a page without a script first shows what neighbours reported."""
    tab.get_by_role("button", name="提交").click()
    tab.wait_for_load_state()
    if tab.get_by_text("还没有提交：邻居可能已经报过同一件").is_visible():
        tab.get_by_role("button", name="提交").click()


def test_three_photos_a_cut_network_and_a_reload_make_one_report(phone, site):
    tab, words = phone(), "地下室漏水，已经到脚踝"
    tab.goto(site.scan())
    tab.get_by_role("link", name="报修、投诉", exact=True).click()
    expect(tab.locator("[data-photos].is-live")).to_be_visible()
    tab.set_input_files("input[multiple]", [snapshot(1), snapshot(2)])
    expect(tab.locator(".thumb-state")).to_have_text(["已上传"] * 2)
    choose(tab)
    expect(tab.locator(".first:visible")).to_contain_text("由好邻居物业办理，2小时内受理")
    tab.get_by_label("楼栋").select_option("3号楼")
    tab.get_by_label("说明").fill(words)
    tab.context.set_offline(True)
    tab.set_input_files("input[multiple]", [snapshot(3)])
    tab.get_by_role("button", name="提交").click()
    expect(tab.get_by_role("status").filter(has_text="内容已保存")).to_be_visible()
    assert stored(site, words) == ([], [])

    tab.context.set_offline(False)
    tab.goto(f"{site.scan()}/report")
    tab.wait_for_url("**/r/**")
    numbers, photos = stored(site, words)
    assert (len(numbers), photos) == (1, [3])
    # The old page may have sent it in the moment when the network came back: then this says so.
    expect(tab.get_by_role("status")).to_contain_text(re.compile("已提交|没有重复提交"))
    expect(tab.get_by_text("3号楼")).to_be_visible()
    expect(tab.locator("figure.thumb img")).to_have_count(3)

    tab.goto(site.scan())
    expect(tab.locator(f"#mine a[href='/r/{numbers[0]}']")).to_be_visible()


def test_a_draft_comes_back_after_a_reload_and_goes_when_it_is_sent(phone, site):
    tab, words = phone(), "草稿里的一句话"
    tab.goto(f"{site.scan()}/report")
    tab.set_input_files("input[multiple]", [snapshot(4)])
    expect(tab.locator(".thumb-state")).to_have_text(["已上传"])
    choose(tab)
    tab.get_by_role("button", name="反复出现").click()
    tab.get_by_label("说明").fill(words)
    tab.wait_for_timeout(600)
    tab.reload()
    expect(tab.get_by_text("已恢复上次填写的内容")).to_be_visible()
    expect(tab.get_by_label("说明")).to_have_value(words)
    expect(tab.locator("figure.thumb")).to_have_count(1)
    tab.get_by_role("button", name="提交").click()
    tab.wait_for_url("**/r/**")
    assert stored(site, words)[1] == [1]
    tab.goto(f"{site.scan()}/report")
    expect(tab.get_by_label("说明")).to_have_value("")


def test_without_a_script_everything_can_be_done(phone, site):
    tab, words = phone(java_script_enabled=False), "没有脚本也能报"
    tab.goto(site.scan())
    tab.get_by_role("link", name="报修、投诉", exact=True).click()
    tab.set_input_files("input[multiple]", [snapshot(5), snapshot(6)])
    tab.get_by_label("说明").fill(words)
    tab.get_by_role("button", name="提交").click()
    expect(tab.locator("#errors")).to_contain_text("请点选一类问题")
    expect(tab.locator("figure.thumb")).to_have_count(2)
    expect(tab.get_by_label("说明")).to_have_value(words)
    choose(tab)
    hand_in(tab)
    expect(tab.get_by_role("status")).to_contain_text("已提交")
    numbers, photos = stored(site, words)
    assert (len(numbers), photos) == (1, [2])

    tab.goto(f"/r/{numbers[0]}")
    tab.get_by_role("link", name="补充").click()
    tab.get_by_label("想说的话").fill("水小一点了")
    tab.get_by_role("button", name="补充").click()
    expect(tab.locator(".timeline")).to_contain_text("水小一点了")
    tab.get_by_role("link", name="撤回").click()
    tab.get_by_text("问题已经好了").click()
    tab.get_by_role("button", name="撤回").click()
    expect(tab.locator(".tag").first).to_contain_text("已撤回")


def test_going_back_and_sending_again_says_that_it_was_sent(phone, site):
    tab, words = phone(java_script_enabled=False), "按了返回再提交"
    tab.goto(f"{site.scan()}/report")
    tab.get_by_label("说明").fill(words)
    choose(tab, "设施维修", "监控")
    tab.get_by_role("button", name="提交").click()
    tab.wait_for_url("**/r/**")
    tab.go_back()
    tab.get_by_role("button", name="提交").click()
    expect(tab.get_by_role("status")).to_contain_text("没有重复提交")
    assert len(stored(site, words)[0]) == 1
