"""The reports of the demonstration: one for every state, some late, one badly rated."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from server.accounts.models import Person
from server.accounts.roles import STRANGER, Actor
from server.accounts.sessions import posts_of
from server.cli.demo.cast import MENGCHENG, QITAI, SHANTING, YISHUI, body_named
from server.cli.demo.pictures import draw_photo
from server.cli.demo.scenery import estate_named
from server.companies.places import place_by_code
from server.core import clock
from server.core.db import db
from server.core.tokens import fingerprint
from server.estates.models import ScanCode
from server.photos.service import keep_photo
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.models import Report
from server.reports.workflow import Act

OWNER = ""
"""The reporter himself, instead of a user name."""


@dataclass(frozen=True)
class Step:
    """What somebody did, so many hours after the report came in."""

    after: float
    act: Act
    who: str = OWNER
    text: str = ""
    photo: str = ""
    score: int | None = None
    reasons: tuple[str, ...] = ()
    to: str = ""
    """The book's key of the body that it goes to."""


@dataclass(frozen=True)
class Story:
    """One report and what became of it; the key never changes, so that it is told once."""

    key: str
    county: str
    estate: str
    hours_ago: float
    kind: str
    text: str
    photo: str = ""
    building: str | None = None
    unit: str | None = None
    steps: tuple[Step, ...] = field(default=())


STORIES = (
    Story(
        "waiting", YISHUI, "沂水源花园", 0.4, "repair.light", "5号楼前面的路灯两晚没亮了", "路灯不亮", "5号楼"
    ),
    Story(
        "lift",
        YISHUI,
        "东皋新城",
        0.6,
        "lift.stopped",
        "3号楼电梯停了，老人下不了楼",
        "电梯停运",
        "3号楼",
        "2单元",
    ),
    Story("fire-lane", YISHUI, "龙湾半岛", 5, "fire.lane", "消防通道被三轮车堵住", "消防通道"),
    Story(
        "leak",
        YISHUI,
        "沂水源花园",
        6,
        "pipe.leak",
        "地下室水管漏水，已经积水",
        "地下室积水",
        "3号楼",
        "1单元",
        (
            Step(0.5, Act.ACCEPT, "anju"),
            Step(1, Act.REPLY, "anju", "已关总阀，维修工下午到场更换水管。"),
        ),
    ),
    Story(
        "cleaning",
        YISHUI,
        "正阳佳苑",
        50,
        "clean.cleaning",
        "楼道好几天没人打扫",
        "楼道垃圾",
        "2号楼",
        "2单元",
        (
            Step(1, Act.ACCEPT, "anju"),
            Step(26, Act.RESOLVE, "anju", "已安排保洁，今后每天上午打扫一次。", "楼道"),
        ),
    ),
    Story(
        "camera",
        YISHUI,
        "书香雅居",
        190,
        "repair.camera",
        "北门监控坏了",
        "北门监控",
        steps=(
            Step(2, Act.ACCEPT, "runze"),
            Step(48, Act.RESOLVE, "runze", "已更换摄像头。", "北门监控"),
            Step(60, Act.CONFIRM),
            Step(60.1, Act.RATE, score=5),
        ),
    ),
    Story(
        "parking",
        YISHUI,
        "东皋新城",
        120,
        "parking.disorder",
        "车停在单元门口，轮椅出不去",
        "乱停车",
        "7号楼",
        steps=(
            Step(2, Act.ACCEPT, "runze"),
            Step(30, Act.RESOLVE, "runze", "已联系车主挪车。", "单元门口"),
            Step(50, Act.RATE, score=1, reasons=()),
            Step(50.2, Act.REOPEN, text="第二天又停上了，没有解决。"),
        ),
    ),
    Story("no-company", YISHUI, "老粮局宿舍", 20, "clean.waste", "垃圾桶三天没清，气味很大", "垃圾堆放"),
    Story("vacant", YISHUI, "西苑小区", 9, "gate.broken", "单元门禁坏了，门关不上", "门禁", "2号楼", "1单元"),
    Story("shanting", SHANTING, "梅花园", 3, "tree.upkeep", "绿化带枯了一片", "绿化带"),
    Story("mengcheng", MENGCHENG, "蒙城示例嘉苑", 1, "fire.wires", "三楼窗户拉下来一根插线板在充电", "飞线"),
    Story(
        "whistled",
        MENGCHENG,
        "蒙城示例嘉苑",
        1.5,
        "fire.lane",
        "消防通道装了地锁，消防车进不来",
        "地锁",
        steps=(
            Step(0.2, Act.ACCEPT, "hemei"),
            Step(1, Act.WHISTLE, "mcshequ", "车主不肯拆，请消防来处理。", to="fire"),
        ),
    ),
    Story("qitai", QITAI, "奇台示例高层小区", 2, "lift.upkeep", "电梯一直响，维保单还是上个月的", "电梯"),
)


def ensure_stories(*, now: datetime) -> None:
    """Every report is there with what became of it; one that is there already is left alone."""
    for number, story in enumerate(STORIES):
        key = f"demo-story-of-two-counties-{story.key}"
        if db.session.scalar(select(Report.id).where(Report.key_hash == fingerprint(key))) is None:
            _tell(story, key, hue=number * 23 % 255, now=now)


def _tell(story: Story, key: str, *, hue: int, now: datetime) -> None:
    begun = now - timedelta(hours=story.hours_ago)
    photos = _photo(story.photo, hue=hue, key=key, now=begun)
    filing = Filing(
        kind=story.kind, text=story.text, photos=photos, building=story.building, unit=story.unit, public=True
    )
    code = select(ScanCode.code).where(
        ScanCode.estate_id == estate_named(story.county, story.estate).id,
        ScanCode.revoked_at.is_(None),
        ScanCode.spot_id.is_(None),
    )
    filed = file_report(
        place_by_code(db.session.scalars(code.limit(1)).one()), filing, key=key, by=STRANGER, now=begun
    )
    owner = Actor(owner_hash=fingerprint(filed.owner_token))
    report = db.session.get_one(Report, filed.report_id)
    for step in story.steps:
        at = begun + timedelta(hours=step.after)
        deed = Deed(
            version=report.version,
            text=step.text,
            photos=_photo(step.photo, hue=hue, key=f"{key}-{step.act}", now=at, mended=True),
            outcome="solved" if step.act is Act.RESOLVE else None,
            score=step.score,
            reasons=step.reasons,
            body_id=body_named(story.county, step.to).id if step.to else None,
        )
        act_on(report, step.act, deed, by=staff(step.who) if step.who else owner, now=at)


def _photo(words: str, *, hue: int, key: str, now: datetime, mended: bool = False) -> tuple[str, ...]:
    if not words:
        return ()
    photo, _ = keep_photo(draw_photo(words, hue=hue, mended=mended), key=f"{key}-photo", now=now)
    return (photo.id,)


def staff(username: str) -> Actor:
    """A member of the cast, with his posts."""
    person = db.session.scalars(select(Person).where(Person.username == username)).one()
    return Actor(person_id=person.id, person_name=person.name, posts=posts_of(person.id, now=clock.now()))
