"""What the demonstration's estates disclose: one complete, one waiting, the rest missing."""

from datetime import datetime

from sqlalchemy import select

from server.accounts.roles import Actor
from server.cli.demo.cast import YISHUI
from server.cli.demo.scenery import estate_named
from server.cli.demo.stories import staff
from server.companies.places import place_of_estate
from server.core import clock
from server.core.db import db
from server.disclosures.contents import Charge, Charges, Contact, Contacts, Content, Entry, Income
from server.disclosures.models import Disclosure
from server.disclosures.quarters import last_finished
from server.disclosures.service import hand_in, release

ESTATE, WAITING = "沂水源花园", "东皋新城"
CHARGES = Charges(
    (
        Charge("物业服务费（高层）", "1.20", "元/平方米·月", "前期物业服务合同"),
        Charge("物业服务费（多层）", "0.60", "元/平方米·月", "前期物业服务合同"),
        Charge("车位服务费", "40", "元/个·月", "双方约定"),
    )
)
INCOME = Income(
    opening=1_250_000,
    income=(Entry("电梯广告", 860_000), Entry("公共车位", 1_420_000)),
    spending=(Entry("公共照明维修", 310_000), Entry("消防设施保养", 640_000)),
    closing=2_580_000,
)
CONTACTS = Contacts(
    (
        Contact("县住建局", "物业行业监管", "物业服务室", "0539-0000100"),
        Contact("县消防大队", "消防通道、消防设施", "值班室", "0539-0000301"),
        Contact("县市场监管局", "电梯安全、收费", "特种设备安全监察科", "0539-0000302"),
        Contact("县综合执法局", "违建、毁绿、垃圾", "值班室", "0539-0000303"),
    )
)


def ensure_papers(*, now: datetime) -> None:
    """Charges, the last quarter's income and the contact board; nothing where something stands already."""
    if db.session.scalar(select(Disclosure.id).where(Disclosure.county_id == YISHUI).limit(1)):
        return
    manager, bureau = staff("anju"), staff("zhujian")
    quarter = str(last_finished(clock.today(now)))
    papers: tuple[tuple[Content, str], ...] = ((CHARGES, ""), (INCOME, quarter), (CONTACTS, ""))
    for content, period in papers:
        row = _hand_in(ESTATE, content, period, by=manager, now=now)
        release(YISHUI, row.id, by=bureau, now=now)
    _hand_in(WAITING, CHARGES, "", by=staff("runze"), now=now)


def _hand_in(estate: str, content: Content, period: str, *, by: Actor, now: datetime) -> Disclosure:
    place = place_of_estate(YISHUI, estate_named(YISHUI, estate).id)
    return hand_in(place, content, period=period, by=by, now=now).row
