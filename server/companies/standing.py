"""Estates without a company or without a committee, in words: who stands in for whom (pure; A14)."""

from server.companies.places import Place
from server.policy.handling import Stand
from server.policy.model import Book
from server.policy.terms import Level

KINDS = {
    Stand.COMMUNITY: "社区直接管",
    Stand.TOWNSHIP_COMPANY: "镇街的物业服务公司",
    Stand.COMMITTEE: "业主委员会自己聘的服务人员",
}


def stand_of(place: Place) -> tuple[Stand, str, str | None] | None:
    """Who stands where the manager would: kind, name, phone; None where there is a company.

    Where the bureau has entered nobody it is the community (default).
    """
    if place.project_body_id is not None:
        return None
    if place.stand_kind in list(Stand) and place.stand_name:
        return Stand(place.stand_kind), place.stand_name, place.stand_phone
    return Stand.COMMUNITY, place.community_name, place.community_phone


def stand_words(place: Place) -> str:
    """What the pages say of an estate without a company; empty where it has one."""
    found = stand_of(place)
    if found is None:
        return ""
    if found[0] is Stand.COMMUNITY:
        return "没有物业企业，由社区负责受理"
    return f"没有物业企业，{KINDS[found[0]]}代管，由社区负责受理"


def committee_words(place: Place, book: Book) -> str:
    """Who acts for a committee that is not there, and in what; empty where there is one or the book tells nobody."""
    if place.has_committee is not False or not book.committee.announced:
        return ""
    who = {Level.COMMUNITY: place.community_name, Level.TOWNSHIP: place.township_name}
    acting = who.get(book.committee.by, place.bureau_name)
    return f"还没有业主委员会，由{acting}代行：{'、'.join(book.committee.powers)}"
