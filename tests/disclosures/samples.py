"""Made-up disclosures for tests."""

from server.core.db import db
from server.disclosures.contents import Charge, Charges, Contact, Contacts, Entry, Income
from server.disclosures.service import hand_in, release

CHARGES = Charges(
    (Charge("物业服务费", "1.20", "元/㎡·月", "物业服务合同"), Charge("车位管理费", "50", "元/月"))
)
BOARD = Contacts(
    (
        Contact("县住建局", "物业服务质量", "值班室", "0539-0000001"),
        Contact("测试社区", "第一责任、邻里纠纷", "", "13800000000", office=True),
    )
)


def income(rent=120_000, repairs=45_050, opening=500_000):
    return Income(
        opening,
        (Entry("电梯广告", rent), Entry("场地租金", 30_000)),
        (Entry("单元门维修", repairs),),
        opening + rent + 30_000 - repairs,
    )


def entered(world, content, *, estate="ys.hill", by="ys.hill.manager", period="", now=None):
    """Hand something in for an estate."""
    return hand_in(world.place(estate), content, period=period, by=world.actor(by), now=now or world.now).row


def shown(world, content, *, estate="ys.hill", by="ys.hill.manager", period="", now=None):
    """Hand something in and release it."""
    row = entered(world, content, estate=estate, by=by, period=period, now=now)
    county = estate[:2]
    release(row.county_id, row.id, by=world.actor(f"{county}.bureau"), now=now or world.now)
    db.session.commit()
    return row
