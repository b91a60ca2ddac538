"""What must hold between how a county handles things and the rest of its book (pure)."""

from server.policy.handling import OTHER
from server.policy.model import BodyRole, Book
from server.policy.naming import check_names
from server.policy.reader import Faults

MEDIATING = frozenset({BodyRole.COURT, BodyRole.DEPARTMENT})


def check_handling(book: Book, faults: Faults) -> None:
    """Write down every name of these sections that leads nowhere, and every call to a body that cannot come."""
    _check_whistle(book, faults)
    kinds = {
        ("hazard", "kinds"): book.hazard.kinds,
        ("hazard", "phone_first"): book.hazard.phone_first,
        ("evidence", "kinds"): book.evidence.kinds,
        ("hotline", "categories"): book.hotline.categories.values(),
    }
    for path, named in kinds.items():
        check_names(faults, path, named, book.kinds, "kinds")
    tiles = {tile.key: tile for tile in book.tiles}
    check_names(faults, ("evidence", "tiles"), book.evidence.tiles, tiles, "tiles")
    check_names(faults, ("second_body", "classes"), book.second_body.classes, book.classes, "classes")
    check_names(faults, ("hazard", "filed_with"), book.hazard.filed_with, book.bodies, "bodies")
    for key in book.hazard.phone_first:
        if key in book.kinds and not book.kinds[key].call_first:
            faults.add(("hazard", "phone_first"), f"里的 “{key}” 没有写先打哪个电话（call_first）")
    check_names(faults, ("mediation", "body"), (book.mediation.body,), book.bodies, "bodies")
    body = book.bodies.get(book.mediation.body)
    if body and body.role not in MEDIATING:
        faults.add(("mediation", "body"), f"应为法院或部门，“{body.key}” 不是")


def _check_whistle(book: Book, faults: Faults) -> None:
    whistle = book.whistle
    check_names(faults, ("whistle", "bodies"), whistle.bodies, book.bodies, "bodies")
    for key in whistle.bodies:
        if key in book.bodies and book.bodies[key].role in (BodyRole.CONFIDENTIAL, BodyRole.COURT):
            faults.add(("whistle", "bodies"), f"里的 “{key}” 不能吹哨：法院走调解，保密单位只收举报")
    for path, patience in (
        (("whistle", "report_in"), whistle.report_in),
        (("contact", "clock"), book.contact.patience),
    ):
        check_names(faults, path, set(patience.within) - {OTHER}, book.classes, "classes")
