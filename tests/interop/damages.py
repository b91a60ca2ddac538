"""Hotline tables as they come: ordinary orders, and every sort of damage that such files have had."""

from dataclasses import dataclass
from datetime import timedelta

from server.core.clock import local
from server.policy.loader import books
from tests.conftest import NOON

COUNTY = "371323"
HEADS = [
    "工单编号",
    "受理时间",
    "办结时限",
    "标题",
    "诉求内容",
    "诉求类别",
    "小区",
    "地址",
    "诉求人",
    "联系电话",
]
HEADS += ["工单状态", "催办时间"]
ESTATES = ("青山花园小区", "湖畔新城", "无物业小区")
NUMBER, RECEIVED, DUE, CONTENT, CATEGORY = "工单编号", "受理时间", "办结时限", "诉求内容", "诉求类别"
ESTATE, PHONE, URGED = "小区", "联系电话", "催办时间"


@dataclass(frozen=True)
class Damage:
    """What is done to an order, and which column is to be named; none where the order is good all the same."""

    name: str
    cells: dict
    names: str = ""


def damages(i):
    """Every damage, for the order with this number; what must be unique is."""
    phone = f"138{i:08d}"
    secret = next(kind for kind in books()[COUNTY].kinds.values() if kind.confidential)
    fine = {
        "date with slashes": {RECEIVED: "2026/11/10 9:05"},
        "date in words": {RECEIVED: "2026年11月10日 9时05分"},
        "date as a run of digits": {RECEIVED: "20261110090500"},
        "date with dots": {RECEIVED: "2026.11.10 09:05:07"},
        "date as Excel counts": {RECEIVED: "46336.378472"},
        "afternoon": {RECEIVED: "2026-11-10 下午3:05"},
        "date as programs write": {RECEIVED: "2026-11-10T09:05:00"},
        "bare day": {RECEIVED: "2026-11-10"},
        "wide digits": {RECEIVED: "２０２６－１１－１０ ０９：０５"},
        "phone with a name": {PHONE: f"{phone}（王女士）"},
        "phone with strokes": {PHONE: f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"},
        "phone with the country": {PHONE: f"+86 {phone}"},
        "two phones": {PHONE: f"{phone}/0539-2250000"},
        "landline": {PHONE: f"0539-22{i:05d}"},
        "nameless": {PHONE: "匿名"},
        "formula in the words": {CONTENT: '=HYPERLINK("http://x.example","电梯故障")'},
        "command in the words": {CONTENT: "+cmd|' /C calc'!A0 电梯故障"},
        "unseen letters": {CONTENT: "电梯\u202e故障\u200b了\x0b"},
        "lines and pictures": {CONTENT: "电梯故障\r\n第二次了😀"},
        "estate without its last word": {ESTATE: "青山花园"},
        "estate with blanks": {ESTATE: " 青山 花园小区 "},
        "estate with a part": {ESTATE: "青山花园小区（南区）"},
        "estate in the address": {ESTATE: "", "地址": "测试街道湖畔新城3号楼2单元"},
        "category with its parents": {CATEGORY: "城乡建设/物业管理/电梯故障"},
        "category in the words": {CATEGORY: "", CONTENT: "我家楼上漏水渗水两天了"},
        "no deadline": {DUE: "——"},
        "deadline as a day": {DUE: "2026-11-30"},
        "number with blanks": {NUMBER: f" ys 26{i:09d} "},
        "own name in the words": {"诉求人": "赵测试", CONTENT: "赵测试反映电梯故障"},
    }
    wrong = {
        "no number": (NUMBER, {NUMBER: ""}),
        "number in scientific notation": (NUMBER, {NUMBER: "2.02611E+17"}),
        "number with lost digits": (NUMBER, {NUMBER: f"{2026111000 + i:015d}0000"}),
        "number as a formula": (NUMBER, {NUMBER: "=1+1"}),
        "no time": (RECEIVED, {RECEIVED: ""}),
        "time in words": (RECEIVED, {RECEIVED: "昨天上午"}),
        "day that is none": (RECEIVED, {RECEIVED: "2026-02-30 09:00"}),
        "day in American order": (RECEIVED, {RECEIVED: "11/10/2026"}),
        "time in the future": (RECEIVED, {RECEIVED: "2027-01-05 09:00", DUE: ""}),
        "time long ago": (RECEIVED, {RECEIVED: "2024-11-10 09:00"}),
        "deadline before": (DUE, {DUE: "2026-10-01 09:00"}),
        "deadline in words": (DUE, {DUE: "尽快"}),
        "no words": (CONTENT, {CONTENT: " ", "标题": ""}),
        "too many words": (CONTENT, {CONTENT: "电梯故障" * 600}),
        "unknown estate": (ESTATE, {ESTATE: "不存在的花园", "地址": ""}),
        "no place": (ESTATE, {ESTATE: "/", "地址": "无"}),
        "unknown kind": (CATEGORY, {CATEGORY: "奇怪的事", CONTENT: "说不清的一件事", "标题": "不知道"}),
        "accusation": (CATEGORY, {CATEGORY: secret.label}),
        "phone without a number": (PHONE, {PHONE: "电话见附件"}),
        "phone cut off": (PHONE, {PHONE: "1380000"}),
        "urging in words": (URGED, {URGED: "多次"}),
    }
    return [Damage(name, cells) for name, cells in fine.items()] + [
        Damage(name, cells, names) for name, (names, cells) in wrong.items()
    ]


def order(i):
    """An ordinary order."""
    categories = [
        words for words, kind in books()[COUNTY].hotline.categories.items() if kind != "other.enquiry"
    ]
    at = local(NOON) - timedelta(days=6, minutes=i)
    category = categories[i % len(categories)]
    return {
        NUMBER: f"YS2026{i:08d}",
        RECEIVED: f"{at:%Y-%m-%d %H:%M}",
        DUE: "2026-12-20 18:00",
        "标题": f"{category}问题",
        CONTENT: f"市民来电反映{category}，第 {i} 件，请处理。",
        CATEGORY: category,
        ESTATE: ESTATES[i % len(ESTATES)],
        "地址": "测试街道",
        "诉求人": "钱试验",
        PHONE: f"139{i:08d}",
        "工单状态": "办理中",
    }


def table(count):
    """Rows with heads, every third order damaged in turn; the good numbers, and line → named column of the bad."""
    rows, good, bad = [HEADS], [], {}
    kinds = len(damages(0))
    for i in range(count):
        cells, names = order(i), ""
        if i % 3 == 2:
            damage = damages(i)[i // 3 % kinds]
            cells, names = cells | damage.cells, damage.names
        rows.append([cells.get(head, "") for head in HEADS])
        if names:
            bad[len(rows)] = names
        else:
            good.append(cells[NUMBER].replace(" ", "").upper())
        if i % 50 == 10:
            rows += [["" for _ in HEADS], HEADS, ["合计", *["" for _ in HEADS[1:]]]]
        if i % 50 == 20:
            rows.append(rows[-1])
            bad[len(rows)] = NUMBER
    return rows, good, bad
