"""Whom a load meets: 300 estates with companies, managers and departments on WeChat, and residents who are logged in."""

import os
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from server.accounts.models import Body, Resident
from server.accounts.roles import Role
from server.accounts.sessions import open_for_resident
from server.core import clock
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.notices.models import Address
from server.policy.loader import books
from tests.world import YISHUI, World, add_estate, build, hire

ESTATES = int(os.environ.get("LOAD_ESTATES", "300"))
"""So many that no estate's quota is used up by people of whom nothing is known; fewer do for a short trial."""
RESIDENTS = 2000
"""So many that none of them files more in ten minutes or a day than a person may."""
CHANNEL = "mp_template"
COMPANIES = 20


@dataclass(frozen=True)
class Town:
    """The codes on the walls, the residents' tokens, and the openids of everybody on duty."""

    codes: list[str]
    tokens: list[str]
    openids: list[str]


def raise_town(app: Flask, *, residents: int = 0) -> Town:
    """Write it into an empty, migrated database."""
    with app.app_context():
        world = build(clock.now())
        names = [f"ys.more.{number}" for number in range(ESTATES)]
        for number, name in enumerate(names):
            firm = f"物业{number % COMPANIES}"
            add_estate(world, name, "ys.community", f"小区{number}号", firm)
        staff_departments(world)
        openids = [moved_to_wechat(one) for one in db.session.scalars(select(Address))]
        tokens = [logged_in(number) for number in range(residents)]
        codes = [world.code(name) for name in names]
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return Town(codes, tokens, openids)


def staff_departments(world: World) -> None:
    """Somebody on duty in every body that the book names, so that no report finds an empty desk."""
    told = select(Body).where(Body.county_id == YISHUI, Body.key.in_(books()[YISHUI].bodies))
    staffed = {body.id for body in (world.bodies["ys.bureau"],)}
    for body in db.session.scalars(told).all():
        if body.id not in staffed:
            hire(world, f"ys.{body.key}.duty", body, Role.DEPARTMENT)


def moved_to_wechat(address: Address) -> str:
    """The address bound to the service account instead, as most managers are reached; gives the openid."""
    openid = f"o{vault().open(address.target_sealed)}"
    address.channel = CHANNEL
    address.target_sealed = vault().seal(openid)
    address.target_index = vault().blind(openid, purpose=CHANNEL)
    return openid


def logged_in(number: int) -> str:
    """The token of one more resident."""
    openid, safe, now = f"resident-of-the-load-{number}", vault(), clock.now()
    index = safe.blind(openid, purpose="openid")
    one = Resident(
        county_id=NATIONAL, appid="load", openid_sealed=safe.seal(openid), openid_index=index, created_at=now
    )
    db.session.add(one)
    db.session.flush()
    return open_for_resident(one.id, device="load", now=now)[0]
