"""Row 19 of 沂水县 in a real browser: key made, report told without a trace, opened by the body alone, answered, found again."""

import json
import re
from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import expect

from server.accounts.sessions import open_for_person
from server.confidential.models import SealedEvent, SealedReport
from server.confidential.sealing import info, read_public, seal
from server.core import clock
from server.core.db import db
from tests.confidential.plain_hpke import point_of, private_key
from tests.confidential.stage import OFFICIAL, open_desks
from tests.confidential.test_sealing import RFC
from tests.journeys.looks import SCREENS, faults_of, picture, too_wide
from tests.photos.pictures import encoded, flag

pytestmark = pytest.mark.browser
PHRASE, WORDS, PHONE = "四个 不相干 的词 连起来", "金丝雀：某干部收了好处", "13912340917"
OPEN = """async ([sealed, pkcs8, point, info, aad, small]) => {
  const { open, AES_128_GCM, AES_256_GCM } = await import('/static/js/hpke.js');
  const bytes = (words) => Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const privateKey = await crypto.subtle.importKey('pkcs8', bytes(pkcs8), curve, false, ['deriveBits']);
  const given = { privateKey, publicPoint: bytes(point), info: bytes(info), aad: bytes(aad), aead: small ? AES_128_GCM : AES_256_GCM };
  try {
    return btoa(String.fromCharCode(...await open(bytes(sealed), given)));
  } catch (shut) {
    return 'shut';
  }
}"""


def base64(data):
    return b64encode(data).decode()


def pkcs8(key):
    return base64(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture(scope="module")
def staffed(site):
    """The site with its confidential bodies."""
    with site.app.app_context():
        open_desks(site.world)
        db.session.commit()
        db.session.remove()
    return site


@pytest.fixture
def desk(chromium, staffed):
    """Opens a browser for a member of a confidential body, on a screen of one size."""
    made = []

    def enter(name="ys.sealed", screen="desk"):
        with staffed.app.app_context():
            token, _ = open_for_person(
                db.session.merge(staffed.world.people[name]), device="test", now=clock.now()
            )
            db.session.commit()
            db.session.remove()
        context = chromium.new_context(
            viewport=SCREENS[screen], locale="zh-CN", timezone_id="Asia/Shanghai", base_url=staffed.base
        )
        context.add_cookies([{"name": "session", "value": token, "url": staffed.base}])
        made.append(context)
        return context.new_page()

    yield enter
    for context in made:
        context.close()


def make_key(tab, tmp_path):
    """Walk through `/c/key`; the path of the saved file."""
    tab.goto("/c/key")
    tab.get_by_label("口令", exact=True).first.fill(PHRASE)
    tab.get_by_label("再输一次口令").fill(PHRASE)
    with tab.expect_download() as saving:
        tab.get_by_role("button", name="生成密钥文件").click()
    saved = tmp_path / saving.value.suggested_filename
    saving.value.save_as(saved)
    tab.get_by_label("刚才保存的密钥文件").set_input_files(saved)
    tab.locator("[data-send-key] [name=check]").fill(PHRASE)
    tab.get_by_role("button", name="核对并启用").click()
    tab.get_by_text("已启用", exact=False).first.wait_for()
    return saved


def tell(tab, site, *, said="维护系统的人"):
    """Tell row 19 from the poster's page, with a photo and without a trace; number and query code."""
    tab.goto(site.scan())
    tab.get_by_role("link", name="举报").click()
    tab.locator("#accuse summary").click()
    tab.get_by_text("我要举报").click()
    tab.get_by_text("监管失职、保护伞").click()
    expect(tab.locator("#accuse")).to_contain_text(said)
    tab.get_by_label("不要在这台手机上留下记录").check()
    data = encoded(flag((640, 480)), quality=90)
    tab.locator("input[type=file][multiple]").set_input_files(
        {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": data}
    )
    tab.get_by_label("说明").fill(WORDS)
    tab.locator("[name=phone]").fill(PHONE)
    tab.get_by_role("button", name="提交").click()
    tab.wait_for_url("**/r/**")
    return tab.locator("h1").inner_text(), tab.locator("code").inner_text()


def unlock(tab, saved, phrase=PHRASE):
    tab.get_by_label("密钥文件").set_input_files(saved)
    tab.get_by_label("口令").fill(phrase)
    tab.get_by_role("button", name="打开").click()


def test_row_nineteen_from_the_poster_to_the_answer(phone, desk, staffed, tmp_path):
    body, resident = desk(), phone()
    saved = make_key(body, tmp_path)
    assert "sealed" in json.loads(saved.read_text())
    assert PHRASE not in saved.read_text()
    no, code = tell(resident, staffed, said="维护系统的人也打不开")
    assert resident.evaluate("async () => (await indexedDB.databases()).length") <= 1
    body.goto("/c/")
    body.get_by_role("link", name=re.compile(no)).click()
    assert WORDS not in body.content()
    unlock(body, saved, "不对的口令不对的口令")
    expect(body.locator("[data-unseal] [role=status]")).to_contain_text("打不开")
    unlock(body, saved)
    expect(body.locator("[data-part=content]")).to_contain_text(WORDS)
    expect(body.locator("[data-part=content]")).to_contain_text("青山花园小区")
    expect(body.locator("[data-part=contact]")).to_contain_text(f"{PHONE}（没有同意打电话）")
    expect(body.locator("[data-part^=photo] img")).to_be_visible()
    assert body.evaluate("document.querySelector('[data-part^=photo] img').naturalWidth") == 640
    picture(body, "sealed-report")
    body.get_by_role("button", name="受理").click()
    body.get_by_label("写给提交人").fill("请问是什么时候的事？")
    body.get_by_role("button", name="询问提交人").click()
    resident.get_by_role("button", name="抄好了").click()
    later = phone()
    assert later.goto(f"/r/{no}").status == 404
    later.goto("/find")
    later.get_by_text("有查询码的").click()
    later.locator("[name=number]").fill(no)
    later.locator("[name=code]").fill(code)
    later.get_by_role("button", name="打开").click()
    later.wait_for_url(f"**/r/{no}")
    expect(later.locator("main")).to_contain_text("请问是什么时候的事？")
    later.get_by_role("link", name="回答问题").click()
    later.locator("textarea").fill("上个月的事")
    later.get_by_role("button", name="回答问题").click()
    later.wait_for_url(f"**/r/{no}")
    body.goto(f"/c/{no}")
    assert "上个月的事" not in body.content()
    assert PHONE not in body.content()
    unlock(body, saved)
    expect(body.locator("[data-part=words]")).to_contain_text("上个月的事")
    with staffed.app.app_context():
        report = db.session.scalar(db.select(SealedReport).where(SealedReport.no == no))
        steps = db.session.scalars(
            db.select(SealedEvent.act).where(SealedEvent.report_id == report.id).order_by(SealedEvent.id)
        ).all()
        assert (report.device_index, report.state) == (None, "accepted")
        assert steps == ["submit", "accept", "ask", "answer"]
        db.session.remove()


def test_a_browser_opens_the_example_of_the_rfc_and_what_the_server_seals_and_nothing_else(desk, staffed):
    tab = desk()
    tab.goto("/c/")
    given = {name: base64(bytes.fromhex(text)) for name, text in RFC.items()}
    key = private_key(bytes.fromhex(RFC["skRm"]))
    sealed = base64(bytes.fromhex(RFC["enc"] + RFC["ct"]))
    own = [pkcs8(key), base64(point_of(key))]
    assert tab.evaluate(OPEN, [sealed, *own, given["info"], given["aad"], True]) == given["pt"]
    assert tab.evaluate(OPEN, [sealed, *own, given["info"], "", True]) == "shut"
    public = read_public(base64(point_of(key)))
    with staffed.app.app_context():
        data = seal(WORDS.encode(), public, no="YS261118-7K2QM", part="content").split(".")[2]
    right, moved = (base64(info("YS261118-7K2QM", part)) for part in ("content", "words"))
    assert b64decode(tab.evaluate(OPEN, [data, *own, right, "", False])).decode() == WORDS
    assert tab.evaluate(OPEN, [data, *own, moved, "", False]) == "shut"
    altered = bytearray(b64decode(data))
    altered[-1] ^= 1
    assert tab.evaluate(OPEN, [base64(bytes(altered)), *own, right, "", False]) == "shut"


@pytest.mark.parametrize("screen", SCREENS)
def test_the_bodys_pages_are_free_of_faults_and_fit_the_screen(desk, phone, staffed, screen):
    tab, resident = desk("st.sealed", screen), phone()
    answer = resident.request.post(
        "/api/v1/reports",
        data={"place": staffed.codes["st.hill"], "kind": OFFICIAL, "text": "说明" * 20},
        headers={"Idempotency-Key": f"looks-{screen:->30}"},
    ).json()
    for name, way in {"inbox": "/c/", "key": "/c/key", "one": f"/c/{answer['no']}"}.items():
        assert tab.goto(way).status == 200
        assert faults_of(tab) == [], way
        assert not too_wide(tab), way
        picture(tab, f"sealed-{name}-{screen}")


def test_the_senders_pages_are_free_of_faults_and_fit_a_phone(phone, staffed):
    tab = phone()
    no, _ = tell(tab, staffed)
    for name, way in {
        "sent": f"/r/{no}?sent=1",
        "add": f"/r/{no}/add",
        "withdraw": f"/r/{no}/withdraw",
        "data": f"/r/{no}/data",
        "erase": f"/r/{no}/erase",
    }.items():
        assert tab.goto(way).status == 200
        assert faults_of(tab) == [], way
        assert not too_wide(tab), way
        picture(tab, f"sealed-{name}")
    tab.goto(f"{staffed.scan()}/report#accuse")
    tab.locator("#accuse summary").click()
    tab.get_by_text("我要举报").click()
    tab.get_by_text("监管失职、保护伞").click()
    assert faults_of(tab) == []
    picture(tab, "sealed-form")


def test_a_confidential_draft_is_not_kept_in_the_browser(phone, staffed):
    tab = phone()
    tab.goto(f"{staffed.scan()}/report")
    tab.get_by_label("说明").fill("先写了几个字")
    tab.wait_for_timeout(500)
    tab.locator("#accuse summary").click()
    tab.get_by_text("我要举报").click()
    tab.get_by_label("说明").fill(WORDS)
    tab.wait_for_timeout(500)
    tab.reload()
    assert tab.get_by_label("说明").input_value() == ""
    assert "已恢复" not in tab.content()


def test_no_address_names_an_accusation_before_it_is_sent(phone, staffed):
    tab, asked = phone(), []
    tab.on("request", lambda one: asked.append(f"{one.url} {one.post_data or ''}"))
    tab.goto(f"{staffed.scan()}/report")
    tab.locator("#accuse summary").click()
    tab.get_by_text("我要举报").click()
    tab.get_by_text("监管失职、保护伞").click()
    tab.locator("[name=building]").select_option("3号楼")
    tab.get_by_label("说明").fill(WORDS)
    tab.wait_for_timeout(1500)
    tab.get_by_text("设施维修", exact=True).click()
    tab.wait_for_timeout(1000)
    named = [one for one in asked if "accuse" in one or WORDS in one]
    assert named == [], "not while it is chosen, nor on the way back from it"
    assert not any("/similar?" in one for one in asked)
    with tab.expect_request("**/similar?**"):
        tab.get_by_text("路灯", exact=True).click()
