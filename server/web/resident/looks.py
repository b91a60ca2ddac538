"""谁看过我的信息: who looked at the reporter's phone, who found the report again, and his own say in whether he may be rung."""

from dataclasses import dataclass
from datetime import datetime

from server.reports.contact import FOUND, LOOKS, changes_of, views_of
from server.reports.identity import IdentityView
from server.reports.models import Report
from server.web.times import stamp


@dataclass(frozen=True)
class Looks:
    """What the reporter is told about his phone."""

    has_phone: bool
    ok: bool
    steps: list[dict[str, str]]


def looks_of(report: Report, *, now: datetime) -> Looks:
    """Everything about a report's phone, for its reporter alone, the newest first."""
    steps = [(view.at, view.by_label, _what(view)) for view in views_of(report.id)]
    steps += [
        (change.at, "您", "同意接听电话" if change.ok else "收回同意，不再接听电话")
        for change in changes_of(report.id)
    ]
    steps.sort(key=lambda step: step[0], reverse=True)
    told = [{"when": stamp(at, now=now), "by": by, "text": text} for at, by, text in steps]
    return Looks(report.phone_sealed is not None, report.contact_ok, told)


def _what(view: IdentityView) -> str:
    """What a look was, in words for the reporter."""
    return view.words if view.reason == FOUND else f"查看了手机号：{LOOKS[view.reason]}。{view.words}"
