"""The one place that says who may do what to which thing; pure. Queries use `Scope` to show no more."""

from dataclasses import dataclass
from enum import StrEnum

from server.accounts.roles import Actor, Role


class Part(StrEnum):
    """What somebody is to one report; the workflow says what each part may do."""

    OWNER = "owner"
    HANDLER = "handler"
    """The body that must act now."""
    PROJECT = "project"
    """The estate's company, also while another body handles; its head reads, its manager acts."""
    COMMUNITY = "community"
    TOWNSHIP = "township"
    BUREAU = "bureau"
    JOINT = "joint"
    """A department, utility or court that the book names for this kind."""
    SAFETY = "safety"
    """Such a body that answers for safety (市场监管、消防), where the report is a danger."""
    NEIGHBOUR = "neighbour"
    """Whoever scanned the estate's code and met the same trouble; no post and no proof gives it."""


OF_PROJECT = frozenset({Role.MANAGER, Role.COMPANY})
"""Roles in posts of a company's project: who runs it, and the company's head, who reads along."""
JOINT_ROLES = frozenset({Role.DEPARTMENT, Role.UTILITY, Role.COURT})
"""Roles of bodies that the book names beside the estate's own."""


@dataclass(frozen=True)
class Subject:
    """What the decision needs to know of a report; no room's model."""

    county_id: str
    handler_id: int
    project_body_id: int | None
    community_id: int
    township_id: int
    resident_id: int | None
    owner_hash: str
    device_hash: str | None
    joint_bodies: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Place:
    """Where a thing that is no report belongs: an estate, its community, township, and project."""

    county_id: str
    community_id: int | None = None
    township_id: int | None = None
    project_body_id: int | None = None


def owns(actor: Actor, subject: Subject) -> bool:
    """Whether the actor proved to be the reporter: by token, by this browser's cookie, or by openid."""
    return (
        actor.owner_hash == subject.owner_hash
        or (actor.device_hash is not None and actor.device_hash == subject.device_hash)
        or (actor.resident_id is not None and actor.resident_id == subject.resident_id)
    )


def parts(actor: Actor, subject: Subject) -> frozenset[Part]:
    """Everything the actor is to a report; empty means that it does not exist for him."""
    found: set[Part] = set()
    if owns(actor, subject):
        found.add(Part.OWNER)
    for post in actor.posts:
        if post.county_id == subject.county_id:
            found |= _parts_of_post(post.role, post.body_id, subject)
    return frozenset(found)


def _parts_of_post(role: Role, body_id: int, subject: Subject) -> set[Part]:
    found = set()
    if role is Role.BUREAU:
        found.add(Part.BUREAU)
    if role is Role.COMMUNITY and body_id == subject.community_id:
        found.add(Part.COMMUNITY)
    if role is Role.TOWNSHIP and body_id == subject.township_id:
        found.add(Part.TOWNSHIP)
    if role in OF_PROJECT and body_id == subject.project_body_id:
        found.add(Part.PROJECT)
    if role in JOINT_ROLES and body_id in subject.joint_bodies:
        found.add(Part.JOINT)
    if found and body_id == subject.handler_id and role is not Role.COMPANY:
        found.add(Part.HANDLER)
    return found


RUNS_PLACES = frozenset({Role.BUREAU, Role.ADMIN})
AREA_ACTS = {
    "estate.see": frozenset({Role.BUREAU, Role.ADMIN, Role.TOWNSHIP, Role.COMMUNITY, Role.MANAGER}),
    "estate.edit": RUNS_PLACES,
    "code.manage": RUNS_PLACES,
    "people.manage": RUNS_PLACES,
    "disclosure.enter": frozenset({Role.BUREAU, Role.MANAGER, Role.COMMUNITY}),
    "disclosure.release": frozenset({Role.BUREAU}),
    "report.file_for": frozenset({Role.COMMUNITY, Role.TOWNSHIP, Role.BUREAU}),
    "feed.see": frozenset({Role.BUREAU, Role.TOWNSHIP, Role.COMMUNITY}),
    "ledger.export": frozenset({Role.BUREAU}),
    "lookback.run": frozenset({Role.BUREAU}),
}
"""Acts on places and people, and the roles that may do them where the thing is in their area."""


def can(actor: Actor, act: str, place: Place) -> bool:
    """Whether the actor may do an act at a place: the role allows it and the place is in the post's area."""
    allowed = AREA_ACTS[act]
    return any(
        post.role in allowed
        and post.county_id == place.county_id
        and _in_area(post.role, post.body_id, place)
        for post in actor.posts
    )


def _in_area(role: Role, body_id: int, place: Place) -> bool:
    if role is Role.COMMUNITY:
        return body_id == place.community_id
    if role is Role.TOWNSHIP:
        return body_id == place.township_id
    if role is Role.MANAGER:
        return body_id == place.project_body_id
    return role in RUNS_PLACES


@dataclass(frozen=True)
class Scope:
    """What a query may return for one actor; every list starts from it."""

    county_id: str | None
    whole_county: bool
    projects: frozenset[int]
    communities: frozenset[int]
    townships: frozenset[int]
    joint: frozenset[int]

    @property
    def nothing(self) -> bool:
        """Whether no report can be in sight."""
        return not (self.whole_county or self.projects or self.communities or self.townships or self.joint)


def report_scope(actor: Actor) -> Scope:
    """The reports that an actor's posts let him see; admins and auditors see no report text, so none."""
    return Scope(
        county_id=actor.county_id,
        whole_county=Role.BUREAU in actor.roles,
        projects=actor.bodies(*OF_PROJECT),
        communities=actor.bodies(Role.COMMUNITY),
        townships=actor.bodies(Role.TOWNSHIP),
        joint=actor.bodies(*JOINT_ROLES),
    )


def place_scope(actor: Actor) -> Scope:
    """The estates that an actor's posts let him see and look after."""
    return Scope(
        county_id=actor.county_id,
        whole_county=bool(actor.roles & RUNS_PLACES),
        projects=actor.bodies(Role.MANAGER),
        communities=actor.bodies(Role.COMMUNITY),
        townships=actor.bodies(Role.TOWNSHIP),
        joint=frozenset(),
    )
