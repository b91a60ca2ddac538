"""Everything by which somebody could tell who reported, planted by the roads that a report takes."""

from io import BytesIO

from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from server.accounts.models import Resident
from server.accounts.sessions import open_for_resident
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.policy.loader import books
from server.reports.models import Report
from server.reports.queries import report_by_no
from tests.photos.pictures import encoded, flag
from tests.web.conftest import filled, read

NUMBERS = {
    "phone field": "13911112222",
    "phone": "13922223333",
    "phone with blanks": "139 3333 4444",
    "phone with dashes": "139-4444-5555",
    "phone in wide digits": "１３９５５５５６６６６",
    "phone in Chinese": "一三九六六六六七七七七",
    "phone letter by letter": "1 3 9 7 7 7 7 8 8 8 8",
    "land line": "0539-2277881",
    "identity card": "371323198805054417",
    "old identity card": "371323880505441",
    "bank card": "6222023456789012345",
    "mail": "canary.wang@example.com",
    "WeChat name": "canary_weixin77",
    "QQ": "9988776655",
    "own door": "1703",
    "own car": "鲁Q77C99",
    "place": "13988889999",
    "answer": "13900001111",
    "addition": "13900002222",
    "reopening": "13900003333",
    "reason of a rating": "13900004444",
    "office": "13900005555",
}
"""What somebody types, or an office repeats."""
MARKS = {
    "nickname": "NICKNAME-CANARY",
    "openid": "oCANARY-openid-7777",
    "user agent": "AGENT-CANARY",
    "forwarded address": "198.51.100.77",
    "address": "203.0.113.77",
    "referer": "REFERER-CANARY",
    "language": "LANGUAGE-CANARY",
    "device cookie": "DEVICE-CANARY-" + "d" * 22,
    "other cookie": "COOKIE-CANARY",
    "key of the call": "KEY-CANARY-" + "k" * 22,
    "key of the form": "FORMKEY-CANARY-" + "f" * 22,
    "key of the photo": "PHOTOKEY-CANARY-" + "p" * 22,
    "file name": "FILENAME-CANARY",
    "artist": "ARTIST-CANARY",
    "serial number": "SERIAL-CANARY",
    "maker's note": "MAKER-CANARY",
    "place in the photo": "GPS-CANARY",
    "comment in the photo": "COMMENT-CANARY",
    "thumbnail in the photo": "THUMBNAIL-CANARY",
    "query": "QUERY-CANARY",
    "reason of the look": "LOOK-CANARY",
    "name in a contact": "王CANARY女士",
}
"""What goes along with a request without anybody typing it; and why the office looked."""
TYPED = (
    "车库漏水。我的电话{phone}，{phone with blanks}，或者{phone with dashes}，手机{phone in wide digits}，"
    "打{phone in Chinese}。号码{phone letter by letter}。家里座机{land line}。身份证{identity card}，"
    "老身份证{old identity card}。退款到{bank card}。邮箱{mail}。微信{WeChat name}，QQ{QQ}。"
    "我住3号楼2单元{own door}，我的车{own car}被挡。"
)
HEADERS = {
    "User-Agent": MARKS["user agent"],
    "X-Forwarded-For": MARKS["forwarded address"],
    "X-Real-IP": MARKS["forwarded address"],
    "Referer": f"http://localhost/{MARKS['referer']}",
    "Accept-Language": MARKS["language"],
    "X-WX-OPENID": MARKS["openid"],
    "X-WX-NICKNAME": MARKS["nickname"],
}
FROM = {"REMOTE_ADDR": MARKS["address"]}


def photo(number=0):
    """A picture full of what cameras write beside the pixels."""
    notes = Image.Exif()
    notes[0x013B] = MARKS["artist"]
    notes[0xA431] = MARKS["serial number"]
    notes.get_ifd(0x8769)[0x927C] = MARKS["maker's note"].encode()
    notes.get_ifd(0x8769)[0xA431] = MARKS["serial number"]
    notes.get_ifd(0x8825)[29] = MARKS["place in the photo"]
    notes[0x9C9C] = MARKS["thumbnail in the photo"].encode()
    image = flag((480 + 8 * number, 320))
    return encoded(image, quality=90, exif=notes.tobytes(), comment=MARKS["comment in the photo"].encode())


def kind_of(label):
    """A kind of the county by its words."""
    return next(kind for kind in books()["371323"].kinds.values() if kind.label == label)


def resident(now):
    """A WeChat login, as its road leaves it; gives the header."""
    safe = vault()
    known = Resident(
        county_id=NATIONAL,
        appid="wx1",
        openid_sealed=safe.seal(MARKS["openid"]),
        openid_index=safe.blind(MARKS["openid"], purpose="openid"),
        created_at=now,
    )
    db.session.add(known)
    db.session.flush()
    token, _ = open_for_resident(known.id, device=MARKS["user agent"], now=now)
    db.session.commit()
    return token


def by_call(client, code, token):
    """A report by the JSON API, its photo first."""
    headers = HEADERS | {"Authorization": f"Bearer {token}"}
    file = (BytesIO(photo()), f"{MARKS['file name']}-{MARKS['nickname']}.jpg")
    sent = client.post(
        "/api/v1/photos",
        data={"file": file},
        headers=headers | {"Idempotency-Key": MARKS["key of the photo"]},
        environ_base=FROM,
    )
    assert sent.status_code == 201, sent.json
    body = {
        "place": code,
        "kind": kind_of("漏水").key,
        "text": TYPED.format(**NUMBERS),
        "photos": [sent.json["id"]],
        "where": {"building": "3号楼", "unit": "2单元", "text": f"车库口，打{NUMBERS['place']}"},
        "phone": NUMBERS["phone field"],
        "contact_ok": True,
    }
    key = {"Idempotency-Key": MARKS["key of the call"]}
    answer = client.post("/api/v1/reports", json=body, headers=headers | key, environ_base=FROM)
    assert answer.status_code == 201, answer.json
    return answer.json


def by_form(client, code):
    """A report by the page, from a browser with a cookie of its own; gives its number."""
    client.set_cookie("device", MARKS["device cookie"])
    client.set_cookie("other", MARKS["other cookie"])
    page = read(client.get(f"/e/{code}/report", headers=HEADERS, environ_base=FROM))
    form = page.find("form", method="post")
    data = MultiDict((name, value) for name, value in filled(form) if name != "key")
    chosen = (
        kind_of("噪音扰民")
        if any(k.label == "噪音扰民" for k in books()["371323"].kinds.values())
        else kind_of("漏水")
    )
    typed = {"key": MARKS["key of the form"], "tile": chosen.tile, "kind": chosen.key}
    typed |= {"text": TYPED.format(**NUMBERS), "where": f"北门{NUMBERS['place']}", "contact_ok": "1"}
    for name, value in (typed | {"phone": NUMBERS["phone field"]}).items():
        data.setlist(name, [value])
    data.add("photo", (BytesIO(photo(1)), f"{MARKS['file name']}.jpg"))
    answer = client.post(
        f"/e/{code}/report?{MARKS['query']}",
        data=data,
        content_type="multipart/form-data",
        headers=HEADERS,
        environ_base=FROM,
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[:400]
    return answer.headers["Location"].split("/r/")[1].split("?")[0]


def kept(numbers):
    """What the database keeps of these reports' authors."""
    found = {}
    for no in numbers:
        row = db.session.execute(select(Report.__table__).where(Report.no == report_by_no(no).no)).one()
        for name in ("owner_hash", "device_hash", "phone_sealed", "phone_index", "key_hash", "body_hash"):
            value = getattr(row, name)
            if value:
                found[f"{name} of {no}"] = value
    for row in db.session.execute(select(Resident.openid_sealed, Resident.openid_index)):
        found |= {"openid sealed": row.openid_sealed, "openid index": row.openid_index}
    return found
