"""`/b/`: what needs somebody higher up, kept fresh by polling; each entry with its reason and what can be done."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from server.accounts.bodies import list_bodies
from server.accounts.guards import actor
from server.accounts.models import BodyKind
from server.accounts.roles import Actor, Role
from server.core import clock
from server.core.entry import entry
from server.core.http import etag_answer
from server.core.paging import LIMIT
from server.escalation.feed import NOTE_MOST, close_entry
from server.escalation.messages import TITLES
from server.escalation.queries import FeedFilter, feed_page, feed_version
from server.escalation.rules import Reason
from server.web.bureau.entries import entry_of
from server.web.navigation import WATCHING
from server.web.typed import narrowed, said, whole

pages = Blueprint("feed_page", __name__)

EVERY = 10
"""Seconds between two looks of an open page (contract.md, GET /feed)."""
SHOWN = {"": "未处理的", "no": "已处理的", "all": "全部"}
SAID = {"remind": "已催办，对方会收到消息。", "closed": "已关闭这条提醒。"}


@pages.get("/b/")
@entry(*WATCHING)
def feed() -> str:
    """The feed with its filters."""
    now, asking = clock.now(), actor()
    wanted = wanted_now()
    done = SAID.get(request.args.get("done", ""))
    tag = _tag(asking, now=now)
    return render_template(
        "bureau/feed.html",
        **_entries(asking, wanted, now=now),
        areas=_areas(asking),
        reasons=tuple((reason.value, words) for reason, words in TITLES.items()),
        shown=tuple(SHOWN.items()),
        wanted=wanted,
        state=narrowed("open", SHOWN),
        poll="" if request.args.get("after") else _address(wanted, path="/b/feed"),
        etag=f'W/"{tag}"',
        every=EVERY,
        first=_address(wanted) if request.args.get("after") else "",
        flashes=[("ok", done)] if done else [],
    )


@pages.get("/b/feed")
@entry(*WATCHING)
def fragment() -> Any:
    """The newest entries alone, or 304 when the county's feed has not moved."""
    now, asking, wanted = clock.now(), actor(), wanted_now()
    tag = _tag(asking, now=now)
    return etag_answer(
        tag, lambda: render_template("bureau/feed_list.html", **_entries(asking, wanted, now=now))
    )


@pages.post("/b/entries/<int:entry_id>/close")
@entry(Role.BUREAU)
def close(entry_id: int) -> Response:
    """The bureau has looked at an entry and needs it no more."""
    close_entry(entry_id, by=actor(), note=said("note", most=NOTE_MOST), now=clock.now())
    return redirect("/b/?done=closed", 303)


def _tag(asking: Actor, *, now: datetime) -> str:
    """The feed's version, and the day, because entries say 今天."""
    return f"{asking.county_id}-{feed_version(asking.county_id or '')}-{clock.today(now):%m%d}"


def _entries(asking: Actor, wanted: FeedFilter, *, now: datetime) -> dict[str, Any]:
    page = feed_page(asking, wanted, after=request.args.get("after"), limit=LIMIT)
    return {
        "entries": [entry_of(row, asking, now=now) for row in page.items],
        "next": _address(wanted, after=page.next) if page.next else "",
    }


def wanted_now() -> FeedFilter:
    """What the address narrows the feed to: what is open, unless it says otherwise."""
    reason = narrowed("reason", set(Reason))
    return FeedFilter(
        area=whole(request.args.get("area", "")),
        reason=Reason(reason) if reason else None,
        open={"": True, "no": False}.get(request.args.get("open", "")),
    )


def _areas(asking: Actor) -> list[tuple[int, str]]:
    """The townships and communities to choose from: below one's own."""
    if Role.BUREAU in asking.roles:
        bodies = list_bodies(asking.county_id or "", BodyKind.TOWNSHIP, BodyKind.COMMUNITY)
    elif Role.TOWNSHIP in asking.roles:
        bodies = list_bodies(asking.county_id or "", BodyKind.COMMUNITY)
        bodies = [body for body in bodies if body.parent_id in asking.bodies(Role.TOWNSHIP)]
    else:
        bodies = []
    return [(body.id, body.name) for body in bodies]


def _address(wanted: FeedFilter, *, path: str = "/b/", **more: Any) -> str:
    state = {True: "", False: "no", None: "all"}[wanted.open]
    given = {"area": wanted.area, "reason": wanted.reason, "open": state} | more
    query = urlencode({key: value for key, value in given.items() if value})
    return f"{path}?{query}" if query else path
