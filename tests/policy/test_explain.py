"""What a resident is told: who must act, by when, who stands above, by which clause."""

import pytest

from server.policy.explain import Names, clause, explain
from server.policy.loader import books

BOOKS = books()
NAMES = Names(manager="好邻居物业", community="测试社区", township="测试街道")


def told(county: str, key: str) -> dict[str, str]:
    return dict(explain(BOOKS[county], key, NAMES).pairs)


def test_a_lift_that_stands_still_in_yishui() -> None:
    assert told("371323", "lift.stopped") == {
        "谁先办": "好邻居物业",
        "牵头部门": "县市场监管局",
        "共同负责": "测试街道",
        "什么时候": "2小时内受理，24小时内答复，从提交时算起。",
        "超时": "到时没有受理：立即通知测试社区，再过4个工作小时通知测试街道，再过1个工作日通知县住建局。"
        "到时没有答复：立即通知测试社区，再过1个工作日通知测试街道，再过1个工作日通知县住建局。",
        "另外": "属于安全隐患，要写明措施、期限和责任人，整改7天后复查（计划没有规定，按默认办法）。",
        "依据": "办字〔2024〕9号 二（三）4",
        "时限依据": "计划没有规定，按默认办法",
    }


def test_charging_wires_in_mengcheng_say_whom_the_community_calls_first() -> None:
    found = told("341622", "fire.wires")
    assert found["立即通知"] == "县消防救援大队"
    assert found["共同负责"] == "县公安局、县住房发展中心、测试街道"
    assert found["超时"].startswith("到时没有受理：立即通知测试社区，同时通知县住房发展中心。")
    assert found["另外"].startswith("测试社区30分钟内先联系您（2024年物业管理工作重点起草说明 三（三））。")
    assert found["依据"] == "默认（种类：2024年物业管理工作重点起草说明 三（三）；部门对应：默认）"


def test_what_the_lead_takes_up_itself_names_it_first() -> None:
    found = told("371323", "other.party")
    assert found["谁先办"] == found["牵头部门"] == "县委组织部"
    assert found["共同负责"] == "县委社会工作部、测试街道党（工）委"


@pytest.mark.parametrize("county", BOOKS)
def test_every_open_kind_is_explained_and_no_confidential_one(county: str) -> None:
    for kind in BOOKS[county].kinds.values():
        if kind.confidential:
            with pytest.raises(ValueError, match=kind.key):
                explain(BOOKS[county], kind.key, NAMES)
        else:
            found = told(county, kind.key)
            assert found["依据"] and "default" not in "".join(found.values())  # noqa: PT018


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("default", "计划没有规定，按默认办法"),
        ("default（对应某号 四（一））", "默认（对应某号 四（一））"),
        ("某号 一；时限：default", "某号 一；时限：默认"),
        ("某号 二", "某号 二"),
    ],
)
def test_a_source_is_said_in_plain_words(source: str, words: str) -> None:
    assert clause(source) == words
