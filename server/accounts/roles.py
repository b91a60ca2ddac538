"""Roles (contract.md) and what each body kind's people are; pure."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to the product; names fixed by `contract.md`."""

    RESIDENT = "resident"
    MANAGER = "manager"
    COMPANY = "company"
    COMMUNITY = "community"
    TOWNSHIP = "township"
    DEPARTMENT = "department"
    UTILITY = "utility"
    COURT = "court"
    CONFIDENTIAL = "confidential"
    BUREAU = "bureau"
    ADMIN = "admin"
    AUDITOR = "auditor"


STAFF = frozenset(Role) - {Role.RESIDENT}

ROLE_NAMES = {
    Role.RESIDENT: "居民",
    Role.MANAGER: "物业项目经理",
    Role.COMPANY: "物业企业",
    Role.COMMUNITY: "社区",
    Role.TOWNSHIP: "镇街",
    Role.DEPARTMENT: "部门",
    Role.UTILITY: "水电气暖单位",
    Role.COURT: "法院",
    Role.CONFIDENTIAL: "保密受理",
    Role.BUREAU: "主管部门",
    Role.ADMIN: "系统管理员",
    Role.AUDITOR: "审计员",
}

ROLE_OF_BODY = {
    "project": Role.MANAGER,
    "community": Role.COMMUNITY,
    "township": Role.TOWNSHIP,
    "department": Role.DEPARTMENT,
    "utility": Role.UTILITY,
    "court": Role.COURT,
    "confidential": Role.CONFIDENTIAL,
    "bureau": Role.BUREAU,
}

DUTY_OF_ROLE = {
    Role.MANAGER: "项目经理",
    Role.COMPANY: "企业负责人",
    Role.COMMUNITY: "社区工作人员",
    Role.TOWNSHIP: "镇街工作人员",
    Role.DEPARTMENT: "部门工作人员",
    Role.UTILITY: "值班人员",
    Role.COURT: "诉调对接",
    Role.CONFIDENTIAL: "保密件受理",
    Role.BUREAU: "物业科",
    Role.ADMIN: "系统管理",
    Role.AUDITOR: "审计",
}
"""The duty a post gets when nobody names another."""


TWO_FACTORS = frozenset({Role.BUREAU, Role.ADMIN, Role.AUDITOR})
"""Roles that see a whole county, so that a password alone does not do (等保 L3)."""


@dataclass(frozen=True)
class Held:
    """One post that a person holds now."""

    post_id: int
    body_id: int
    body_name: str
    role: Role
    county_id: str
    duty: str

    @property
    def label(self) -> str:
        """How its holder is shown in a timeline; no personal name."""
        return f"{self.body_name} {self.duty}"


@dataclass(frozen=True)
class Actor:
    """Who is asking: a stranger, a resident, or a member of staff with the posts held now."""

    person_id: int | None = None
    person_name: str = ""
    resident_id: int | None = None
    session_id: int | None = None
    login: str = ""
    """Fingerprint of the token of his login; what is made for this login alone is signed with it."""
    posts: tuple[Held, ...] = ()
    owner_hash: str | None = None
    """Fingerprint of the owner token that came along."""
    device_hash: str | None = None
    """Fingerprint of this browser's own cookie."""
    second_factor: bool = False
    """Whether this person logs in with codes of an authenticator."""
    enrolling: bool = False
    """Whether he must set one up first; until then his posts count for nothing."""

    @property
    def is_staff(self) -> bool:
        """Whether this is staff with at least one post today."""
        return bool(self.posts)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of today's posts, and resident for whoever is no staff but known."""
        held = frozenset(post.role for post in self.posts)
        return held | {Role.RESIDENT} if self.resident_id and not held else held

    @property
    def county_id(self) -> str | None:
        """The county that this person works for; all posts of a person are in one."""
        return self.posts[0].county_id if self.posts else None

    def bodies(self, *roles: Role) -> frozenset[int]:
        """The bodies this person acts for in the given roles."""
        return frozenset(post.body_id for post in self.posts if post.role in roles)

    def post_of(self, body_id: int) -> Held | None:
        """The post by which this person acts for a body."""
        return next((post for post in self.posts if post.body_id == body_id), None)


STRANGER = Actor()
"""Somebody of whom we know nothing; may report all the same."""
