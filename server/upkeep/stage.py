"""Where a county's drills take place: an estate, its company and one made-up colleague, all under the county's double."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from server.accounts.bodies import ensure_bodies, ensure_place_body
from server.accounts.models import Body, BodyKind, Person, Post
from server.accounts.people import add_person, take_post
from server.companies.service import ensure_company, serve
from server.core.crypto import vault
from server.core.db import db
from server.core.doubles import double_of
from server.core.errors import NotFound
from server.estates.models import Estate, ScanCode
from server.estates.service import ensure_estate
from server.notices.addresses import bind
from server.notices.channels import Message, Sent
from server.notices.models import Address
from server.policy.loader import books
from server.policy.model import Book, FirstHand

NAME = "演练小区"
CHANNEL = "drill"
WECOM = "wecom_app"
FLOORS = ((BodyKind.TOWNSHIP, "演练街道"), (BodyKind.COMMUNITY, "演练社区"))


class DrillChannel:
    """A channel that takes every message and shows it to nobody: all but the line to WeChat is tried."""

    name = CHANNEL

    def send(self, address: str, message: Message) -> Sent:
        """Take the message."""
        del address
        return Sent(message.key)


@dataclass(frozen=True)
class Stage:
    """The estate and the colleague who plays every desk."""

    county_id: str
    """The county's double."""
    estate_id: int
    person_id: int


def set_stage(county_id: str, *, wecom: str = "", now: datetime) -> Stage:
    """Make what is not there yet; with a WeCom user the drill's messages go to that phone from now on.

    The estate has no code that could be scanned, and the colleague no password.
    """
    book = books()[double_of(county_id)]
    community = bureau = ensure_bodies(book, now=now)
    for kind, name in FLOORS:
        community = ensure_place_body(community, kind, name, now=now)
    estate = ensure_estate(community, NAME, now=now)
    revoked = update(ScanCode).where(ScanCode.estate_id == estate.id, ScanCode.revoked_at.is_(None))
    db.session.execute(revoked.values(revoked_at=now))
    project = serve(estate, ensure_company(book.county_id, "演练物业", now=now), now=now)
    person = _colleague(book.county_id, [project.body_id, *_chain(community), bureau.id], now=now)
    _reach(person, wecom, now=now)
    db.session.flush()
    return Stage(book.county_id, estate.id, person.id)


def find_stage(county_id: str) -> Stage | None:
    """Where a county's drills take place; None where they were never set up."""
    return stages().get(county_id)


def stages() -> dict[str, Stage]:
    """Every county that has drills, with their place; one statement however many counties there are."""
    doubles = {double_of(county_id): county_id for county_id in sorted(books())}
    found = db.session.execute(
        select(Estate.county_id, Estate.id, Person.id)
        .join(Person, Person.county_id == Estate.county_id)
        .where(Person.username.in_([_username(one) for one in doubles]), Person.disabled_at.is_(None))
        .order_by(Estate.county_id)
    )
    return {doubles[row[0]]: Stage(*row) for row in found}


def drop_stage(county_id: str, *, now: datetime) -> None:
    """No more drills; what they left stays. Raises NotFound where there were none."""
    stage = find_stage(county_id)
    if stage is None:
        raise NotFound("这个县没有开启每日演练。")
    db.session.execute(update(Person).where(Person.id == stage.person_id).values(disabled_at=now))


def kind_for(book: Book) -> str:
    """An everyday kind that the manager takes up first, told to as few bodies as there are."""
    fit = (
        kind
        for kind in book.kinds.values()
        if kind.first is FirstHand.MANAGER and not kind.confidential and not kind.safety and not kind.utility
    )
    return min(fit, key=lambda kind: len(book.rows[kind.row].bodies) if kind.row else 0).key


def _username(double: str) -> str:
    return f"drill-{double}"


def _chain(community: Body) -> list[int]:
    return [community.id, community.parent_id or 0]


def _colleague(double: str, body_ids: list[int], *, now: datetime) -> Person:
    person = db.session.scalar(select(Person).where(Person.username == _username(double)))
    person = person or add_person(double, name="演练", username=_username(double), by=None, now=now)
    person.disabled_at = None
    for post in db.session.scalars(select(Post).where(Post.body_id.in_(body_ids)).order_by(Post.id)):
        take_post(person, post, by=None, now=now)
    return person


def _reach(person: Person, wecom: str, *, now: datetime) -> None:
    """The one address that the messages go to."""
    if wecom:
        bind(person.county_id, person.id, WECOM, wecom, now=now)
        own = update(Address).where(Address.person_id == person.id, Address.channel == CHANNEL)
        db.session.execute(own.values(ended_at=now))
        return
    there = select(Address.id).where(Address.person_id == person.id, Address.ended_at.is_(None))
    if db.session.scalar(there.limit(1)) is None:
        safe = vault()
        db.session.add(
            Address(
                county_id=person.county_id,
                person_id=person.id,
                channel=CHANNEL,
                target_sealed=safe.seal(CHANNEL),
                target_index=safe.blind(CHANNEL, purpose=CHANNEL),
                rank=9,
                created_at=now,
            )
        )
