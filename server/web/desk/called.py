"""The called bodies of a report as its page shows them: who leads, who is missing, their clocks and links (A7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.accounts.bodies import names
from server.accounts.permissions import Part
from server.accounts.roles import Actor
from server.reports.body_links import links_of, makes_links, uses_of
from server.reports.models import Report
from server.reports.part_models import LinkUse, ReportLink, ReportPart
from server.reports.part_moves import CALLABLE
from server.reports.parts import all_parts, is_open
from server.reports.standing import standing
from server.reports.workflow import Act
from server.web.desk.clocks import Clock, clock_of
from server.web.times import stamp

ENDED_AS = {
    Act.HAND_BACK: "已退回",
    Act.TRANSFER: "已转给别的单位",
    Act.RESOLVE: "已办结",
    Act.WITHDRAW: "报告人已撤回",
}
USES = {"made": "生成", "open": "打开", "revoke": "收回", "report_in": "报到"}
USES |= {"reply": "答复", "resolve": "办结", "hand_back": "退回"}


@dataclass(frozen=True)
class LinkRow:
    """One link: how it stands, what was done with it."""

    link_id: int
    words: str
    uses: str
    revocable: bool


@dataclass(frozen=True)
class CalledRow:
    """One called body."""

    part_id: int
    name: str
    role: str
    asked: str
    clocks: tuple[Clock, ...]
    ended: str
    links: tuple[LinkRow, ...]
    linkable: bool


@dataclass(frozen=True)
class CalledCard:
    """All called bodies; empty where nobody ever was."""

    rows: tuple[CalledRow, ...] = ()
    missing: tuple[str, ...] = ()
    """Joint bodies that have not answered."""
    own: bool = False
    """Whether a part is asked of the reader's own body beside whoever leads."""


def called_card(report: Report, actor: Actor, *, now: datetime) -> CalledCard:
    """The card of a report for a reader; no statement where nobody was ever called."""
    if report.called_at is None:
        return CalledCard()
    stand, found = standing(report, actor), all_parts(report)
    links = links_of(report) if makes_links(report, actor) else None
    uses = uses_of(links) if links else []
    callers = names({part.from_body_id for part, _, _ in found if part.from_body_id})
    rows = tuple(
        _row(part, name, kind, callers, _of(part, links, uses, now=now), makes=links is not None, now=now)
        for part, name, kind in found
    )
    missing = tuple(
        name for part, name, _ in found if not part.lead and part.ended_at is None and not part.answered_at
    )
    beside = Part.HANDLER not in stand.parts and is_open(stand.own)
    return CalledCard(rows, missing, beside)


def _row(
    part: ReportPart,
    name: str,
    kind: str,
    callers: dict[int, str],
    links: tuple[LinkRow, ...],
    *,
    makes: bool,
    now: datetime,
) -> CalledRow:
    runs = part.ended_at is None
    clocks = [clock_of("答复时限", part.due_at, part.answered_at, running=runs, now=now)]
    if part.report_in_due_at is not None:
        due = clock_of("报到时限", part.report_in_due_at, part.reported_in_at, running=runs, now=now)
        clocks.insert(0, due)
    by = callers.get(part.from_body_id or 0, "按规则")
    ended = ENDED_AS.get(Act(part.ended_as), "不再办理") if part.ended_as else ""
    return CalledRow(
        part.id,
        name,
        "牵头" if part.lead else "会办",
        f"{stamp(part.asked_at, now=now)} {by}{'吹哨' if part.whistled else '请会办'}",
        tuple(clocks),
        ended,
        links,
        makes and is_open(part) and kind in CALLABLE,
    )


def _of(
    part: ReportPart, links: Sequence[ReportLink] | None, uses: Sequence[LinkUse], *, now: datetime
) -> tuple[LinkRow, ...]:
    return tuple(
        _link(link, [(use.what, use.at) for use in uses if use.link_id == link.id], now=now)
        for link in links or ()
        if link.part_id == part.id
    )


def _link(link: ReportLink, uses: list[tuple[str, datetime]], *, now: datetime) -> LinkRow:
    good = link.revoked_at is None and link.spent_at is None and link.expires_at > now
    words = f"有效到 {stamp(link.expires_at, now=now)}" if good else _over(link)
    done = "，".join(f"{stamp(at, now=now)} {USES.get(what, what)}" for what, at in uses)
    return LinkRow(link.id, words, done, good)


def _over(link: ReportLink) -> str:
    if link.revoked_at is not None:
        return "已收回"
    return "已用完" if link.spent_at is not None else "已过期"
