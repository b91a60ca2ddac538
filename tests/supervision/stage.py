"""Closed reports to look at again."""

from server.accounts.roles import Actor
from server.core.tokens import fingerprint
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from server.reports.workflow import Act


def closed(world, place, key, kind="pipe.leak"):
    """A report that its reporter has confirmed as solved."""
    filed = file_report(
        world.place(place), Filing(kind=kind, text="漏水"), key=key.ljust(32, "k"), by=Actor(), now=world.now
    )
    report, owner = report_by_no(filed.no), Actor(owner_hash=fingerprint(filed.owner_token))
    answer = Deed(version=report.version, text="已经修好了，换了接头", basis="现场检查记录")
    by = world.actor(f"{place}.manager")
    act_on(report, Act.RESOLVE, answer, by=by, now=world.now)
    act_on(report, Act.CONFIRM, Deed(version=report.version), by=owner, now=world.now)
    return report


def some_closed(world):
    """Three at each of two estates."""
    return [
        closed(world, place, f"{place}{number}") for place in ("ys.hill", "ys.lake") for number in range(3)
    ]
