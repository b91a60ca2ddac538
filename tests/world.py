"""A small world: two counties, three estates, a company each, and staff for every duty."""

from dataclasses import dataclass, field

from sqlalchemy import inspect

from server.accounts import people
from server.accounts.bodies import ensure_bodies, ensure_place_body, ensure_post
from server.accounts.models import Body, BodyKind, Person, Post
from server.accounts.roles import Actor, Role
from server.accounts.sessions import open_for_person, posts_of
from server.companies.models import Project
from server.companies.places import Place, place_by_code
from server.companies.service import ensure_company, serve
from server.core import clock
from server.core.crypto import vault
from server.core.db import db
from server.estates.models import Estate, ScanCode
from server.estates.service import ensure_estate
from server.notices.models import Address
from server.policy.loader import books

YISHUI, SHANTING = "371323", "370406"


@dataclass
class World:
    """Handles to what was made."""

    now: object
    bodies: dict[str, Body] = field(default_factory=dict)
    estates: dict[str, Estate] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def anew(self) -> "World":
        """The same world as the database has it now, in the present session."""
        return World(
            self.now,
            _anew(Body, self.bodies),
            _anew(Estate, self.estates),
            _anew(Project, self.projects),
            _anew(Person, self.people),
        )

    def code(self, name: str) -> str:
        """The scan code of an estate."""
        query = db.select(ScanCode.code).where(
            ScanCode.estate_id == self.estates[name].id, ScanCode.revoked_at.is_(None)
        )
        return db.session.scalars(query).first()

    def place(self, name: str) -> Place:
        """Where somebody stands who scanned an estate's code."""
        return place_by_code(self.code(name))

    def actor(self, name: str) -> Actor:
        """A member of staff with the posts held now."""
        person = self.people[name]
        return Actor(person_id=person.id, person_name=person.name, posts=posts_of(person.id, now=clock.now()))

    def login(self, client, name: str):
        """Put a person's session into a browser."""
        token, _ = open_for_person(self.people[name], device="test", now=self.now)
        db.session.commit()
        client.set_cookie("session", token)
        return client

    def bearer(self, name: str) -> dict[str, str]:
        """The header by which a program speaks for a person."""
        token, _ = open_for_person(self.people[name], device="test", now=self.now)
        db.session.commit()
        return {"Authorization": f"Bearer {token}"}


def _anew(model, held):
    """The rows behind some handles, read once for all."""
    ids = {inspect(one).identity[0] for one in held.values()}
    rows = {row.id: row for row in db.session.scalars(db.select(model).where(model.id.in_(ids)))}
    return {name: rows[inspect(one).identity[0]] for name, one in held.items()}


def hire(world: World, name: str, body: Body, role: Role, *, duty=None, channel="wecom_app") -> Person:
    """A person in a post of a body, reachable on a channel."""
    post = db.session.scalars(
        db.select(Post).where(Post.body_id == body.id, Post.role == role)
    ).first() or ensure_post(body, role, duty, now=world.now)
    person = people.add_person(body.county_id, name=name, username=name, by=None, now=world.now)
    people.take_post(person, post, by=None, now=world.now)
    if channel:
        safe = vault()
        db.session.add(
            Address(
                county_id=body.county_id,
                person_id=person.id,
                channel=channel,
                target_sealed=safe.seal(name),
                target_index=safe.blind(name, purpose=channel),
                created_at=world.now,
            )
        )
    db.session.flush()
    world.people[name] = person
    return person


def build(now) -> World:
    """Make the world; every person is called by county, body and role, e.g. `ys.bureau`, `ys.hill.manager`."""
    world = World(now)
    for prefix, county in (("ys", YISHUI), ("st", SHANTING)):
        bureau = ensure_bodies(books()[county], now=now)
        world.bodies[f"{prefix}.bureau"] = bureau
        hire(world, f"{prefix}.bureau", bureau, Role.BUREAU)
        hire(world, f"{prefix}.admin", bureau, Role.ADMIN, duty="系统管理", channel=None)
        town = ensure_place_body(bureau, BodyKind.TOWNSHIP, "测试街道", now=now)
        world.bodies[f"{prefix}.town"] = town
        hire(world, f"{prefix}.town", town, Role.TOWNSHIP)
        community = ensure_place_body(town, BodyKind.COMMUNITY, "测试社区", now=now)
        world.bodies[f"{prefix}.community"] = community
        hire(world, f"{prefix}.community", community, Role.COMMUNITY)
        for body in db.session.scalars(
            db.select(Body).where(Body.county_id == county, Body.key.is_not(None))
        ):
            world.bodies[f"{prefix}.{body.key}"] = body
    add_estate(world, "ys.hill", "ys.community", "青山花园小区", "好邻居物业")
    add_estate(world, "ys.lake", "ys.community", "湖畔新城", "安心物业")
    add_estate(world, "ys.bare", "ys.community", "无物业小区", None)
    add_estate(world, "st.hill", "st.community", "山亭花园", "红山物业")
    db.session.commit()
    return world


def add_estate(world: World, key: str, community: str, name: str, company: str | None) -> None:
    """An estate of a community, and its company with a manager where one is named."""
    estate = ensure_estate(world.bodies[community], name, now=world.now, households=500)
    world.estates[key] = estate
    if company:
        firm = ensure_company(estate.county_id, company, now=world.now)
        project = serve(estate, firm, now=world.now)
        world.projects[key] = project
        body = db.session.get_one(Body, project.body_id)
        world.bodies[key] = body
        hire(world, f"{key}.manager", body, Role.MANAGER)
