"""A place whole: estate, community, township, bureau, company; looked up by its scan code in one statement."""

from dataclasses import dataclass
from datetime import date

from server.core import wire
from server.core.counties import remember
from server.core.errors import NotFound
from server.estates.codes import normalise

INVALID = "这个二维码无效或已停用。请核对墙上的码，或打电话给小区所属社区。"


@dataclass(frozen=True)
class Place:
    """Where somebody stands who scanned a code."""

    county_id: str
    code: str | None
    estate_id: int
    estate_name: str
    spot_id: int | None
    spot_name: str | None
    spot_building: str | None
    community_id: int
    community_name: str
    community_phone: str | None
    township_id: int
    township_name: str
    township_phone: str | None
    bureau_id: int
    bureau_name: str
    bureau_phone: str | None
    project_id: int | None
    project_body_id: int | None
    company_name: str | None
    company_phone: str | None
    manager_name: str | None
    manager_phone: str | None
    services: str | None
    managed_since: date | None
    stand_kind: str | None = None
    """Who stands in for a company that is not there (A14), as the bureau entered it."""
    stand_name: str | None = None
    stand_phone: str | None = None
    has_committee: bool | None = None

    @property
    def handler_id(self) -> int:
        """The body that acts first: the project, or the community where there is no company (A14)."""
        return self.project_body_id or self.community_id


COLUMNS = """
e.county_id, NULL, e.id, e.name, s.id, s.name, bd.name, c.id, c.name, c.phone, t.id, t.name, t.phone,
b.id, b.name, b.phone, p.id, p.body_id, co.name, co.phone, p.manager_name, p.manager_phone, p.services, p.since_on,
e.stand_kind, e.stand_name, e.stand_phone, e.has_committee
"""
JOINS = """
JOIN body c ON c.id = e.community_id
JOIN body t ON t.id = c.parent_id
JOIN body b ON b.id = t.parent_id
LEFT JOIN project p ON p.estate_id = e.id AND p.ended_on IS NULL
LEFT JOIN company co ON co.id = p.company_id
"""
BY_CODE = "SELECT * FROM place_of_code(%(code)s)"
"""One of the narrow functions of `migrations/doors.sql`: it opens the county of the code."""
BY_ESTATE = (
    f"SELECT {COLUMNS} FROM estate e "  # noqa: S608
    f"LEFT JOIN spot s ON false LEFT JOIN building bd ON false {JOINS} "
    "WHERE e.id = %(estate)s AND e.county_id = %(county)s"
)


def place_by_code(text: str) -> Place:
    """The place of a code as typed or scanned; NotFound alike for unknown, revoked and impossible codes."""
    code = normalise(text)
    found = wire.rows(BY_CODE, {"code": code}) if code else None
    if not found:
        raise NotFound(INVALID, code="unknown_code")
    remember(found[0][0])
    return Place(*found[0][1:])


def place_of_estate(county_id: str, estate_id: int) -> Place:
    """The place of an estate, as its staff name it. Raises NotFound for another county's."""
    found = wire.rows(BY_ESTATE, {"estate": estate_id, "county": county_id})
    if not found:
        raise NotFound("没有找到这个小区。")
    return Place(*found[0])
