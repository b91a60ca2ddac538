"""Two counties with two estates each, one caller of every sort, and the numbers of things near and far."""

from dataclasses import dataclass, field
from datetime import timedelta

from server.accounts import invitations, people
from server.accounts.bodies import ensure_place_body
from server.accounts.login import TRIES
from server.accounts.models import Body, BodyKind, LoginFailure, Person, Post, Resident
from server.accounts.roles import Actor, Role
from server.accounts.sessions import STAFF_MOST, open_for_person, open_for_resident
from server.companies.drafts import keep_draft
from server.confidential.bodies import ensure_sealed_body
from server.confidential.filing import Telling, file_sealed
from server.confidential.models import SealedPhoto, SealedReport
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.core.tokens import fingerprint
from server.disclosures.contents import Charge, Charges, Contact, Contacts
from server.disclosures.service import hand_in, publish
from server.escalation.models import FeedEntry
from server.estates.checks import CodeCheck
from server.estates.models import Building, Spot
from server.estates.service import add_spot, set_buildings, set_emergency_numbers
from server.interop.hotline.drafts import keep_draft as keep_orders
from server.interop.hotline.models import HotlineOrder
from server.moderation.models import PublicPiece
from server.notices.models import Address, Inbox
from server.photos.service import keep_photo
from server.policy.loader import books
from server.reports.filing import Filing, file_report
from server.reports.flags import ReportFlag
from server.reports.links import read_key
from server.reports.models import Report
from server.reports.part_models import ReportLink, ReportPart
from server.supervision.models import Campaign, CampaignItem
from tests.photos.pictures import encoded, flag
from tests.security.lent import lent, photo_at, signed
from tests.world import SHANTING, YISHUI, add_estate, build, hire

OWN, NEAR, FAR = "own", "near", "far"
SIDES = (OWN, NEAR, FAR)
MARKS = {OWN: "QYS7", NEAR: "QNR7", FAR: "QST7"}
"""By which a text says where it belongs (`canaries.py`)."""
"""The caller's own thing, another one of his county, one of the other county."""
ESTATES = {OWN: "ys.hill", NEAR: "ys.bay", FAR: "st.hill"}
BUREAU_OF = {OWN: "ys.bureau", NEAR: "ys.bureau", FAR: "st.bureau"}
STAFF = tuple(role.value for role in Role if role is not Role.RESIDENT)
OUTSIDE = ("anonymous", "reporter", "disabled", "expired")
"""Callers of whom no login is known."""
KNOWN = ("resident", "neighbour", "ended")
"""Callers with a login, but no post."""
CALLERS = (*OUTSIDE, *KNOWN, *STAFF)
TABLE = "社区名称,小区名称,户数\n测试社区,新小区,300\n".encode()
ORDERS = "工单编号,受理时间,诉求内容\nSC0001,2026-11-17 09:00,电梯故障\n".encode()
PHONE = "13812345678"
DISCIPLINE = "discipline"
LOCKED = "locked-out"
"""A user name after too many wrong passwords."""


@dataclass
class Scene:
    """Who there is and what there is."""

    world: object
    proofs: dict[str, dict[str, str]] = field(default_factory=dict)
    things: dict[str, dict[str, str]] = field(default_factory=dict)
    personal: dict[str, dict[str, str]] = field(default_factory=dict)
    """What each caller owns himself; addresses of each side's photo that were signed for him."""
    signed: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def names(self, caller, side):
        """What stands for each name of an address: one's own things go before those of the side."""
        shown = self.things[side] | self.signed.get((caller, side), {})
        return shown | (self.personal.get(caller, {}) if side == OWN else {})


def compose(now):
    """Make the scene in the session's database."""
    world = build(now)
    bureau = world.bodies["ys.bureau"]
    world.bodies["ys.town2"] = ensure_place_body(bureau, BodyKind.TOWNSHIP, "另一街道", now=now)
    community = ensure_place_body(world.bodies["ys.town2"], BodyKind.COMMUNITY, "另一社区", now=now)
    world.bodies["ys.community2"] = community
    hire(world, "ys.town2", world.bodies["ys.town2"], Role.TOWNSHIP)
    hire(world, "ys.community2", community, Role.COMMUNITY)
    add_estate(world, "ys.bay", "ys.community2", "海湾小区", "海湾物业")
    scene = Scene(world)
    for role in STAFF:
        _employ(scene, role, now=now)
    _strangers(scene, now=now)
    _seal(scene, now=now)
    for side in SIDES:
        _furnish(scene, side, now=now)
        scene.signed |= {(caller, side): signed(scene, caller, side, now=now) for caller in CALLERS}
    db.session.commit()
    return scene


def body_for(world, role):
    """The body in whose post a caller of this role stands."""
    kinds = {"department": BodyKind.DEPARTMENT, "utility": BodyKind.UTILITY, "court": BodyKind.COURT}
    if role in kinds:
        query = db.select(Body).where(Body.county_id == "371323", Body.kind == kinds[role])
        return db.session.scalars(query.order_by(Body.id)).first()
    if role == "confidential":
        return ensure_sealed_body(books()[YISHUI], DISCIPLINE, now=world.now)
    places = {"manager": "ys.hill", "company": "ys.hill", "community": "ys.community", "township": "ys.town"}
    return world.bodies[places.get(role, "ys.bureau")]


def _employ(scene, role, *, now):
    name = f"caller.{role}"
    person = hire(scene.world, name, body_for(scene.world, role), Role(role), duty=f"岗位{role}")
    scene.proofs[role] = _login(person, now=now)
    scene.personal[role] = _own_things(person, now=now)
    if role == "confidential":
        person.password_hash = "set"


def _login(person, *, now):
    token, _ = open_for_person(person, device="browser", now=now)
    db.session.flush()
    return {"session": token, "bearer": token, "device": f"device-{person.username}-{'d' * 22}"}


def _own_things(person, *, now):
    _, other = open_for_person(person, device="telephone", now=now)
    draft = keep_draft(
        person.county_id, person.id, TABLE, file_name=f"{person.username}.csv", township="测试街道", now=now
    )
    db.session.flush()
    address = db.session.scalar(db.select(Address.id).where(Address.person_id == person.id))
    given = {"file_name": f"{person.username}.csv", "history": False, "now": now}
    county = person.county_id if person.county_id in books() else YISHUI
    orders = keep_orders(county, person.id, ORDERS, **given)
    return {"session": other.id, "draft": draft.id, "orders": orders.id, "address": address or 0}


def _strangers(scene, *, now):
    world, bureau = scene.world, scene.world.bodies["ys.bureau"]
    scene.proofs["anonymous"] = {}
    scene.proofs["reporter"] = {"device": "device-of-the-reporter-ddd"}
    for name in ("resident", "neighbour"):
        known = _resident(name, now=now).id
        (token, _), (_, other) = (open_for_resident(known, device=one, now=now) for one in ("phone", "tv"))
        scene.proofs[name] = {"session": token, "bearer": token, "device": f"device-of-{name}-dddddddd"}
        scene.personal[name] = {"session": _added(other)}
    index = vault().lasting(LOCKED, purpose="login")
    db.session.add_all(LoginFailure(county_id=NATIONAL, username_index=index, at=now) for _ in range(TRIES))
    for name in ("disabled", "ended", "expired"):
        person = hire(world, f"caller.{name}", bureau, Role.BUREAU, duty=f"岗位{name}")
        scene.proofs[name] = _login(person, now=now)
        if name == "ended":
            people.end_terms(person, by=None, now=now)
        if name == "disabled":
            person.disabled_at = now
    token, _ = open_for_person(
        world.people["caller.expired"], device="browser", now=now - STAFF_MOST - timedelta(minutes=1)
    )
    scene.proofs["expired"] |= {"session": token, "bearer": token}
    db.session.flush()


def _resident(name, *, now):
    safe = vault()
    resident = Resident(
        county_id=NATIONAL,
        appid="wx1",
        openid_sealed=safe.seal(name),
        openid_index=safe.blind(name, purpose="openid"),
        created_at=now,
    )
    db.session.add(resident)
    db.session.flush()
    return resident


def kind_for(county):
    """A safety kind, so that the feed has an entry."""
    return next(kind.key for kind in books()[county].kinds.values() if kind.safety and not kind.confidential)


def _seal(scene, *, now):
    """A confidential report for each side's body: the caller's own, another one of his county, the other county's."""
    world = scene.world
    kinds = {
        OWN: (YISHUI, DISCIPLINE, "accuse.official"),
        NEAR: (YISHUI, "police", "accuse.crime"),
        FAR: (SHANTING, DISCIPLINE, "accuse.official"),
    }
    for side, (county, key, kind) in kinds.items():
        if side != OWN:
            body = ensure_sealed_body(books()[county], key, now=now)
            hire(world, f"{side}.sealed", body, Role.CONFIDENTIAL).password_hash = "set"
        db.session.flush()
        photo, _ = keep_photo(encoded(flag((400 + 16 * SIDES.index(side), 300)), quality=80), now=now)
        told = file_sealed(
            world.place(ESTATES[side]),
            Telling(kind=kind, text=f"{MARKS[side]}s举报", photos=(photo.id,)),
            key=f"sealed-{side}-".ljust(32, "k"),
            device_hash=None,
            sender=side,
            now=now,
        )
        scene.things[side] = {"sealed": told.no}


def _furnish(scene, side, *, now):
    world, name = scene.world, ESTATES[side]
    estate, place = world.estates[name], world.place(name)
    set_buildings(estate, [("1号楼", 2)])
    set_emergency_numbers(estate, [("lift", "电梯维保", "0539-1234567")], now=now)
    spot = add_spot(estate, kind="lift", name=f"{name}电梯", now=now)
    manager = world.people[f"{name}.manager"]
    db.session.flush()
    filed, photo = _report(scene, side, place, now=now)
    revision = _disclosed(world, place, side, now=now)
    token = invitations.invite(manager, by=None, now=now)
    scene.things[side] |= {
        "estate": estate.id,
        "code": world.code(name),
        "spot": spot.id,
        "no": filed.no,
        "key": read_key(filed.no),
        "photo": photo_at(photo.id, "", now=now),
        "person": manager.id,
        "post": world.actor(f"{name}.manager").posts[0].post_id,
        "body": world.bodies[name].id,
        "town": db.session.get_one(Body, estate.community_id).parent_id,
        "community": estate.community_id,
        "revision": revision,
        "entry": db.session.scalar(
            db.select(FeedEntry.id).where(FeedEntry.report_id == filed.report_id).limit(1)
        ),
        **_called(world, side, filed.report_id, now=now),
        "campaign": _campaign(world, side, filed.report_id, BUREAU_OF[side], now=now),
        "check": _added(
            CodeCheck(
                county_id=estate.county_id,
                at=now,
                by_person_id=manager.id,
                text="FAKE",
                estate_id=estate.id,
                found="fake",
                where_text="北门",
            )
        ),
        "order": _added(
            HotlineOrder(
                county_id=estate.county_id,
                number=f"{MARKS[side]}-order",
                received_at=now,
                category="",
                counts=True,
                report_id=filed.report_id,
                maybe_id=filed.report_id,
                created_at=now,
            )
        ),
        "flag": _added(
            ReportFlag(
                county_id=estate.county_id, report_id=filed.report_id, flag="many", why="一天很多件", at=now
            )
        ),
        "sealed_photo": db.session.scalar(
            db.select(SealedPhoto.id)
            .join(SealedReport, SealedReport.id == SealedPhoto.report_id)
            .where(SealedReport.no == scene.things[side]["sealed"])
        ),
        "piece": db.session.scalar(
            db.select(PublicPiece.id)
            .where(PublicPiece.report_id == filed.report_id)
            .order_by(PublicPiece.id)
            .limit(1)
        ),
        "building": db.session.scalar(db.select(Building.id).where(Building.estate_id == estate.id)),
        "invitation": token,
        "binding": invitations.invite(manager, purpose=invitations.WECHAT, by=None, now=now),
        **_own_things(manager, now=now),
    }


def _called(world, side, report_id, *, now):
    """A body whistled for beside the handler, and a link for it: the part, the link, the token."""
    bureau = world.bodies[BUREAU_OF[side]]
    query = db.select(Body.id).where(Body.county_id == bureau.county_id, Body.kind == BodyKind.DEPARTMENT)
    body = db.session.scalar(query.order_by(Body.id.desc()).limit(1))
    db.session.get_one(Report, report_id).called_at = now
    part = ReportPart(
        county_id=bureau.county_id,
        report_id=report_id,
        body_id=body,
        lead=False,
        from_body_id=bureau.id,
        event_id=0,
        whistled=True,
        time_class="ordinary",
        asked_at=now,
        report_in_due_at=now + timedelta(hours=4),
        due_at=now + timedelta(days=7),
    )
    link = ReportLink(
        county_id=bureau.county_id,
        token_hash=fingerprint(lent(side)),
        report_id=report_id,
        part_id=_added(part),
        body_id=body,
        made_by=world.people[BUREAU_OF[side]].id,
        made_for_body_id=bureau.id,
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    return {"part": part.id, "link": _added(link), "lent": lent(side)}


def _campaign(world, side, report_id, who, *, now):
    """A look-back that drew the side's report for one person's post."""
    post = world.actor(who).posts[0]
    campaign = Campaign(
        county_id=post.county_id,
        name=f"{MARKS[side]}回头看",
        begins_on=now.date(),
        ends_on=now.date(),
        filters={},
        share_percent=10,
        seed="a1",
        drawn_from=1,
        inspectors=[post.post_id],
        created_at=now,
        due_at=now + timedelta(days=7),
    )
    item = {"campaign_id": _added(campaign), "report_id": report_id, "post_id": post.post_id}
    _added(CampaignItem(county_id=post.county_id, rank=1, text="", by_label="", **item))
    return campaign.id


def _added(row):
    db.session.add(row)
    db.session.flush()
    return row.id


def _report(scene, side, place, *, now):
    mine = side == OWN
    resident = db.session.scalar(db.select(Resident).order_by(Resident.id)) if mine else None
    by = Actor(
        resident_id=resident.id if resident else None,
        device_hash=fingerprint(scene.proofs["reporter"]["device"] if mine else f"device-elsewhere-{side}"),
    )
    photo, _ = keep_photo(encoded(flag((320 + 16 * SIDES.index(side), 240)), quality=80), now=now)
    filing = Filing(
        kind=kind_for(place.county_id),
        text=f"{side}的报告",
        phone=PHONE,
        photos=(photo.id,),
        contact_ok=True,
        public=True,
    )
    filed = file_report(place, filing, key=f"key-{side}-".ljust(32, "k"), by=by, now=now)
    db.session.flush()
    if mine:
        for role in ("community", "township"):
            found = _campaign(scene.world, side, filed.report_id, f"caller.{role}", now=now)
            scene.personal[role]["campaign"] = found
        scene.proofs["reporter"]["bearer"] = filed.owner_token
        for role in ("department", "utility", "court"):
            _put_on_desk(scene, role, filed.report_id, now=now)
    return filed, photo


def _put_on_desk(scene, role, report_id, *, now):
    body = body_for(scene.world, role)
    post = db.session.scalar(db.select(Post.id).where(Post.body_id == body.id).order_by(Post.id).limit(1))
    known = db.session.scalar(
        db.select(Inbox.id).where(Inbox.report_id == report_id, Inbox.body_id == body.id)
    )
    if not known:
        row = {"county_id": body.county_id, "post_id": post, "body_id": body.id, "report_id": report_id}
        db.session.add(Inbox(**row, part="joint", created_at=now))


def _disclosed(world, place, side, *, now):
    """Charges and a board that are out, and newer charges that wait; gives the waiting one's number."""
    bureau = world.actor(BUREAU_OF[side])
    out, waiting = f"{MARKS[side]}p收费", f"{MARKS[side]}s收费"
    publish(place, Charges((Charge(out, "1.10", "元/㎡·月", "合同"),)), by=bureau, now=now)
    publish(place, Contacts((Contact(out, "报修", "值班室", "0539-2345678"),)), by=bureau, now=now)
    by = world.actor(f"{ESTATES[side]}.manager")
    return hand_in(place, Charges((Charge(waiting, "1.20"),)), by=by, now=now).row.id


__all__ = ["CALLERS", "FAR", "NEAR", "OWN", "SIDES", "Person", "Scene", "Spot", "compose"]
