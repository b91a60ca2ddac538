"""Every row of 沂水's matrix and every kind of every book goes where the table says."""

import csv
from pathlib import Path

import pytest

from server.policy.loader import books
from server.policy.model import FirstHand
from server.policy.routing import Route, route

YISHUI, SHANTING = "371323", "370406"
BOOKS = books()
CASES = Path(__file__).parent / "routing.csv"

# rule-books.md, 沂水县: row → bodies in the plan's order, township
MATRIX = {
    1: ("县委组织部 县委社会工作部", True),
    2: ("县住建局", True),
    3: ("县人民法院", True),
    4: ("县公安局 县住建局 县消防大队", True),
    5: ("县自然资源和规划局 县综合执法局", True),
    6: ("县综合执法局", True),
    7: ("县住建局", True),
    8: ("县发改局 县住建局 县市场监管局", True),
    9: ("县综合执法局", True),
    10: ("县住建局", True),
    11: ("县公安局 县住建局 县消防大队", True),
    12: ("县自然资源和规划局 县住建局 县综合执法局", True),
    13: ("县综合执法局", True),
    14: ("县市场监管局", True),
    15: ("县住建局", True),
    16: ("县住建局", True),
    17: ("县自然资源和规划局", True),
    18: ("国网沂水供电公司 县住建局", True),
    19: ("县纪委监委", False),
    20: ("县公安局", False),
}

# rule-books.md, what a resident taps: tile → (label, row, time class)
TILES = {
    "电梯": [
        ("电梯困人", 14, "urgent"),
        ("故障停运", 14, "utilities"),
        ("维保不到位", 14, "ordinary"),
        ("维修资金拖延", 15, "ordinary"),
    ],
    "消防·充电": [
        ("占用消防通道", 4, "urgent"),
        ("飞线充电", 4, "urgent"),
        ("电动车上楼", 4, "ordinary"),
        ("消防设施损坏", 4, "ordinary"),
    ],
    "水电气暖": [
        ("燃气异味", None, "urgent"),
        ("停水停电", 7, "utilities"),
        ("漏水", 7, "utilities"),
        ("供暖", None, "utilities"),
        ("临时用电未验收", 18, "hard"),
    ],
    "设施维修": [(label, 7, "ordinary") for label in ("门窗", "路灯", "路面", "管道", "监控")],
    "卫生垃圾": [("保洁不到位", 7, "ordinary"), ("垃圾清运不及时", 9, "ordinary")],
    "停车": [
        ("乱停乱放", 11, "ordinary"),
        ("占绿改车位、充电设施", 12, "ordinary"),
        ("周边夜间停车", 13, "ordinary"),
    ],
    "门禁保安": [(label, 10, "ordinary") for label in ("进出受限", "门禁损坏", "保安态度")],
    "绿化": [("毁绿占绿", 6, "ordinary"), ("养护不到位", 7, "ordinary")],
    "违建改建": [("私搭乱建", 5, "ordinary"), ("开挖、改门窗", 5, "ordinary"), ("住改商", 5, "hard")],
    "物业服务": [
        ("态度差", 7, "ordinary"),
        ("投诉报修不处理", 7, "ordinary"),
        ("擅自停水停电", 7, "utilities"),
        ("收费与质价不符", 8, "ordinary"),
    ],
    "开发遗留": [
        ("车位只售不租", 16, "ordinary"),
        ("保修不履行", 16, "ordinary"),
        ("配套未按规划", 17, "hard"),
    ],
    "其他": [
        ("行业监管", 2, "ordinary"),
        ("党组织作用", 1, "ordinary"),
        ("调解渠道", 3, "ordinary"),
        ("咨询", None, "ordinary"),
        ("表扬", None, "ordinary"),
    ],
    "举报": [("监管失职、保护伞", 19, "hard"), ("侵占资金、强买强卖等违法", 20, "hard")],
}
KINDS = [(county, key) for county, book in BOOKS.items() for key in book.kinds]


@pytest.mark.parametrize("number", MATRIX)
def test_a_row_of_the_matrix_goes_to_its_bodies_in_the_plans_order(number: int) -> None:
    book, (names, township) = BOOKS[YISHUI], MATRIX[number]
    kinds = [kind for kind in book.kinds.values() if kind.row == number]
    assert kinds, "no kind leads to this row"
    for kind in kinds:
        found = route(book, kind.key)
        bodies = (found.confidential,) if found.confidential else (found.lead, *found.joint)
        assert " ".join(book.bodies[body].name for body in bodies if body) == names
        assert found.township is township


def test_the_matrix_has_these_rows_and_no_other() -> None:
    assert list(BOOKS[YISHUI].rows) == list(MATRIX)


def test_the_tiles_offer_what_the_table_lists() -> None:
    book = BOOKS[YISHUI]
    offered = {
        tile.label: [(kind.label, kind.row, kind.time_class) for kind in book.kinds_of(tile.key)]
        for tile in book.tiles
    }
    assert offered == TILES


def worked(county: str, key: str) -> dict[str, str]:
    """What the book makes of a kind, in the words of the table."""
    book, kind, found = BOOKS[county], BOOKS[county].kinds[key], route(BOOKS[county], key)
    klass = book.classes[kind.time_class]

    def named(*keys: str | None) -> str:
        return " ".join(book.bodies[key].name for key in keys if key)

    return {
        "county": county,
        "kind": key,
        "label": kind.label,
        "first": found.first,
        "lead": named(found.lead),
        "joint": named(*found.joint),
        "township": (found.township_part or "镇街") if found.township else "",
        "safety": named(*found.safety),
        "confidential": named(found.confidential),
        "accept": klass.accept.words,
        "resolve": klass.resolve.words,
    }


def test_every_kind_of_every_book_goes_as_worked_out_by_hand() -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    assert {(case["county"], case["kind"]) for case in cases} == set(KINDS)
    assert [worked(case["county"], case["kind"]) for case in cases] == cases


@pytest.mark.parametrize("county", BOOKS)
def test_there_are_twelve_tiles_and_one_quiet_link(county: str) -> None:
    tiles = BOOKS[county].tiles
    assert len({tile.icon for tile in tiles if not tile.quiet}) == 12
    assert [tile.label for tile in tiles if tile.quiet] == ["举报"]


@pytest.mark.parametrize(("county", "key"), KINDS)
def test_every_kind_reaches_the_bureau_or_one_confidential_body_alone(county: str, key: str) -> None:
    book = BOOKS[county]
    kind, found = book.kinds[key], route(book, key)
    assert set(found.bodies) <= set(book.bodies)
    assert len(set(found.bodies)) == len(found.bodies)
    if kind.confidential:
        alone = found.confidential
        assert alone is not None
        assert found == Route(first=FirstHand.CONFIDENTIAL, confidential=alone)
        assert found.bodies == (alone,)
    else:
        assert book.bureau in found.informed
        assert found.confidential is None


@pytest.mark.parametrize("county", BOOKS)
@pytest.mark.parametrize(
    ("key", "bodies", "calls"),
    [
        ("lift.trapped", ("market",), ("lift_firm", "fire")),
        ("fire.lane", ("fire",), ("fire",)),
        ("fire.wires", ("fire",), ("fire",)),
        ("pipe.gas", ("gas", "fire"), ("gas", "fire")),
    ],
)
def test_danger_goes_to_its_department_at_once_and_says_whom_to_call(
    county: str, key: str, bodies: tuple[str, ...], calls: tuple[str, ...]
) -> None:
    kind = BOOKS[county].kinds[key]
    assert route(BOOKS[county], key).safety == bodies
    assert kind.call_first == calls
    assert kind.time_class == "urgent"


@pytest.mark.parametrize("county", BOOKS)
def test_only_enquiries_praise_and_confidential_reports_are_no_complaints(county: str) -> None:
    uncounted = {kind.key for kind in BOOKS[county].kinds.values() if not kind.counts}
    assert uncounted == {"other.enquiry", "other.praise", "accuse.official", "accuse.crime"}


def test_what_the_manager_cannot_mend_starts_with_the_lead_body() -> None:
    first = {key for county, key in KINDS if route(BOOKS[county], key).first is FirstHand.LEAD}
    assert first == {"other.supervision", "other.party", "other.mediation"}


def test_the_township_joins_a_party_matter_with_its_party_committee() -> None:
    assert route(BOOKS[YISHUI], "other.party").township_part == "党（工）委"


def test_a_utility_without_a_row_leads_its_own_kind() -> None:
    found = route(BOOKS[YISHUI], "pipe.heat")
    assert (found.lead, found.joint, found.bodies) == ("heat", (), ("heat", "housing"))


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("lift.upkeep", "区市场监管局"),
        ("parking.disorder", "区公安分局 区住建局 区综合行政执法局 区应急管理局"),
        ("service.price", "区发改局 区市场监管局 区住建局"),
        ("other.mediation", "区司法局"),
        ("tree.destroyed", "区综合行政执法局"),
        ("accuse.crime", "区公安分局"),
    ],
)
def test_shanting_follows_the_duties_of_its_own_plan(key: str, names: str) -> None:
    book = BOOKS[SHANTING]
    found = route(book, key)
    bodies = (found.lead, *found.joint) if found.lead else found.bodies
    assert " ".join(book.bodies[body].name for body in bodies) == names
