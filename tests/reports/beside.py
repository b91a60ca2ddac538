"""What the tests of contact, check and hazard share: 蒙城县 and 奇台县 beside the small world, reports filed there."""

from server.accounts.bodies import ensure_bodies, ensure_place_body
from server.accounts.models import BodyKind
from server.accounts.roles import Actor, Role
from server.core.db import db
from server.core.tokens import fingerprint
from server.policy.loader import books
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from tests.world import add_estate, hire

COUNTIES = {"mc": "341622", "qt": "652325"}


def add_county(world, prefix):
    """A further county: bureau, township, community, one managed estate; people as `mc.bureau`, `mc.hill.manager`."""
    bureau = ensure_bodies(books()[COUNTIES[prefix]], now=world.now)
    world.bodies[f"{prefix}.bureau"] = bureau
    hire(world, f"{prefix}.bureau", bureau, Role.BUREAU)
    town = ensure_place_body(bureau, BodyKind.TOWNSHIP, "测试镇", now=world.now)
    world.bodies[f"{prefix}.town"] = town
    hire(world, f"{prefix}.town", town, Role.TOWNSHIP)
    community = ensure_place_body(town, BodyKind.COMMUNITY, "测试社区", now=world.now)
    world.bodies[f"{prefix}.community"] = community
    hire(world, f"{prefix}.community", community, Role.COMMUNITY)
    add_estate(world, f"{prefix}.hill", f"{prefix}.community", "山下小区", "山下物业")
    db.session.commit()


def filed(world, estate, kind, *, now=None, key="k" * 32, **more):
    """A report with its reporter at `report.owner`."""
    done = file_report(
        world.place(estate),
        Filing(kind=kind, text="有问题", **more),
        key=key,
        by=Actor(),
        now=now or world.now,
    )
    db.session.commit()
    report = report_by_no(done.no)
    report.owner = Actor(owner_hash=fingerprint(done.owner_token))
    return report


def do(world, report, act, who=None, *, now=None, **deed):
    """An act by a member of staff, or by the reporter."""
    by = world.actor(who) if who else report.owner
    act_on(report, act, Deed(version=report.version, **deed), by=by, now=now or world.now)
    db.session.commit()
