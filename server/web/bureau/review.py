"""`/b/review`: what residents agreed to show, looked at piece by piece before anybody else sees it."""

import json
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.core.errors import Conflict, Invalid, NotFound
from server.core.paging import LIMIT
from server.moderation import deciding, review
from server.moderation.boxes import boxes_from
from server.web.bureau.review_rows import Faults, item, rows_of
from server.web.bureau.shell import back, page, refused
from server.web.typed import chosen, numbers, said, typed, whole

blueprint = Blueprint("bureau_review", __name__, url_prefix="/b/review")
ONE, PIECE = "/<no:no>", "/<no:no>/<int(max=9223372036854775807):piece_id>"
REVIEWERS = (Role.BUREAU, Role.COMMUNITY)
BOXES_LONGEST, WORDS_LONGEST = 20_000, 4000
DONE = {"released": "已公开，居民现在就能看到。", "refused": "没有公开，报告人会看到原因。"}


@blueprint.get("")
@entry(*REVIEWERS)
def overview() -> str:
    """The reports with something to review, the oldest first."""
    asking, after, now = actor(), request.args.get("after"), clock.now()
    found = review.waiting(asking, after=after, limit=LIMIT)
    waiting, doubtful = review.counts(asking)
    return page(
        "review",
        rows=rows_of(found.items, now=now),
        waiting=waiting,
        doubtful=doubtful,
        allowed=review.may_review(asking),
        next=url_for(".overview", after=found.next) if found.next else "",
        first=url_for(".overview") if after else "",
    )


@blueprint.get(ONE)
@entry(*REVIEWERS)
def one(no: str) -> str:
    """One report's pieces, each original beside its copy for the public."""
    return page("review_item", **_shown(no, {}))


@blueprint.post(ONE)
@entry(*REVIEWERS)
def all_clean(no: str) -> Response | Any:
    """Release everything that waits and that nothing speaks against."""
    try:
        count = deciding.release_clean(no, by=actor(), now=clock.now())
    except Conflict as error:
        return refused(error, "review_item", **_shown(no, {}))
    return back(_onward(no), f"公开了 {count} 项。" if count else "没有可以一次公开的内容，请逐项看。")


@blueprint.post(PIECE)
@entry(*REVIEWERS)
def decide(no: str, piece_id: int) -> Response | Any:
    """Release a piece as the copy that came along, or refuse it with a reason."""
    act = chosen("act", ("release", "refuse"))
    if not act:
        raise NotFound("没有这个操作。")
    try:
        state = _release(no, piece_id) if act == "release" else _refuse(no, piece_id)
    except (Invalid, Conflict) as error:
        return refused(error, "review_item", **_shown(no, {piece_id: error.fields}))
    return back(_onward(no), DONE[state])


def _release(no: str, piece_id: int) -> str:
    copy = deciding.Copy(said("text", most=WORDS_LONGEST), _boxes())
    piece = deciding.release(no, piece_id, copy, version=_version(), by=actor(), now=clock.now())
    return piece.state


def _refuse(no: str, piece_id: int) -> str:
    reason = said("reason", most=WORDS_LONGEST)
    piece = deciding.refuse(no, piece_id, reason=reason, version=_version(), by=actor(), now=clock.now())
    return piece.state


def _version() -> int:
    return whole(request.form.get("version", "")) or 0


def _boxes() -> tuple[Any, ...]:
    """The boxes drawn, and the cells ticked."""
    drawn = typed("boxes", most=BOXES_LONGEST) or "[]"
    try:
        return boxes_from(json.loads(drawn), list(numbers("cell")))
    except (ValueError, RecursionError):
        wrong = "黑框没有收到，请重新画一次，或勾选格子。"
        raise Invalid(wrong, fields={"boxes": wrong}) from None


def _onward(no: str) -> str:
    """On to the same report while something of it waits, else back to the list."""
    _, _, pieces = review.reviewed(no, actor())
    waits = any(piece.state == "waiting" for piece in pieces)
    return url_for(".one", no=no) if waits else url_for(".overview")


def _shown(no: str, faults: Faults) -> dict[str, Any]:
    report, shown, pieces = review.reviewed(no, actor())
    return item(report, shown, pieces, actor(), faults, now=clock.now())
