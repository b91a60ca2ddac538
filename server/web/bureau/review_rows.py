"""What the review pages show: a report in the list, and one report's pieces with their copies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.accounts.roles import Actor
from server.core.masks import mask_numbers
from server.moderation.boxes import COLUMNS, ROWS
from server.moderation.deciding import is_clean
from server.moderation.models import PublicPiece, PublicReport
from server.moderation.originals import original_text
from server.moderation.review import waiting_pieces
from server.moderation.rules import State, Verdict, check_words
from server.photos.links import Size
from server.photos.service import link
from server.policy.loader import books
from server.reports.models import Report
from server.reports.pictures import viewer_of
from server.reports.queries import names_of
from server.web.desk.rows import kind_of
from server.web.times import stamp
from server.web.wording import Tag

Faults = Mapping[int, Mapping[str, str]]
NAMES = {"text": "文字", "photo": "照片", "answer": "答复"}
ORDER = ("text", "photo", "answer")
STATES = {
    "waiting": Tag("等待审核", "info", "ring"),
    "released": Tag("已公开", "ok", "tick"),
    "refused": Tag("不公开", "", "cross"),
    "hidden": Tag("报告人已取消公开", "", "cross"),
}
TONES = {
    Verdict.PASS: ("ok", "tick"),
    Verdict.REVIEW: ("warn", "triangle"),
    Verdict.RISKY: ("alarm", "diamond"),
}


@dataclass(frozen=True)
class Line:
    """A report in the list."""

    href: str
    title: str
    note: str
    tag: Tag


def rows_of(found: Sequence[Any], *, now: datetime) -> list[Line]:
    """The lines of a page; one statement more, for what waits of each."""
    pieces = waiting_pieces([row.report_id for row in found])
    return [_line(row, pieces.get(row.report_id, []), now=now) for row in found]


def _line(row: Any, pieces: Sequence[tuple[str, str, str]], *, now: datetime) -> Line:
    kind = kind_of(row.county_id, row.kind)
    names = [NAMES[piece] for piece, _, _ in pieces]
    what = "、".join(f"{name} {names.count(name)} 项" for name in dict.fromkeys(names))
    late = row.agreed_at < now and due_at(row.county_id, row.agreed_at) < now
    why = next((check_words(verdict, why) for _, verdict, why in pieces if verdict == Verdict.MANUAL), "")
    note = "，".join(part for part in (f"{stamp(row.agreed_at, now=now)}提交", what, why) if part)
    worst = max((Verdict(verdict) for _, verdict, _ in pieces), key=_weight, default=Verdict.MANUAL)
    tag = Tag("请尽快审核", "warn", "triangle") if late and worst not in TONES else _tag(worst)
    return Line(f"/b/review/{row.no}", f"{row.estate} · {kind.label if kind else row.kind}", note, tag)


def due_at(county_id: str, agreed_at: datetime) -> datetime:
    """By when a piece should have been looked at, by the county's book."""
    book = books()[county_id]
    return book.publishing.review_within.after(agreed_at, book.calendar)


def _weight(verdict: Verdict) -> int:
    order = (Verdict.MANUAL, Verdict.PASS, Verdict.DUE, Verdict.ASKED, Verdict.REVIEW, Verdict.RISKY)
    return order.index(verdict)


def _tag(verdict: Verdict) -> Tag:
    words = {Verdict.PASS: "检查通过", Verdict.REVIEW: "需要确认", Verdict.RISKY: "建议不公开"}
    tone, shape = TONES.get(verdict, ("info", "ring"))
    return Tag(words.get(verdict, "等待审核"), tone, shape)


def item(
    report: Report,
    shown: PublicReport,
    pieces: Sequence[PublicPiece],
    asking: Actor,
    faults: Faults,
    *,
    now: datetime,
) -> dict[str, Any]:
    """What the page of one report needs."""
    kind, names = kind_of(report.county_id, report.kind), names_of(report)
    ordered = sorted(pieces, key=lambda one: (ORDER.index(one.piece), one.id))
    views = [_piece(report, piece, asking, faults.get(piece.id, {}), now=now) for piece in ordered]
    for view, (number, many) in zip(views, _numbers([one.piece for one in ordered]), strict=True):
        view["name"] += f" {number}" if many else ""
    return {
        "report": report,
        "kind": kind.label if kind else report.kind,
        "estate": names.estate,
        "hidden": shown.hidden_at is not None,
        "agreed": stamp(shown.agreed_at, now=now),
        "pieces": views,
        "clean": 0 if shown.hidden_at else sum(is_clean(piece) for piece in pieces),
        "cells": [(row, [row * COLUMNS + column + 1 for column in range(COLUMNS)]) for row in range(ROWS)],
    }


def _numbers(kinds: Sequence[str]) -> list[tuple[int, bool]]:
    """Which of its kind each piece is, and whether there are more of the kind."""
    return [(kinds[: at + 1].count(kind), kinds.count(kind) > 1) for at, kind in enumerate(kinds)]


def _piece(
    report: Report, piece: PublicPiece, asking: Actor, errors: Mapping[str, str], *, now: datetime
) -> dict[str, Any]:
    original = original_text(report, piece)
    suggested = mask_numbers(original)
    verdict = Verdict(piece.verdict)
    tone, shape = TONES.get(verdict, ("info", "ring"))
    return {
        "id": piece.id,
        "version": piece.version,
        "kind": piece.piece,
        "name": NAMES[piece.piece],
        "state": piece.state,
        "tag": STATES[piece.state],
        "check": Tag(check_words(piece.verdict, piece.why), tone, shape),
        "original": original,
        "draft": piece.public_text if piece.public_text is not None else suggested,
        "masked": suggested != original,
        "photo": _address(piece.photo_id, asking, now=now) if piece.photo_id else "",
        "public": f"/pub/{report.estate_id}/{piece.public_key}" if _out(piece) else "",
        "boxes": piece.boxes or [],
        "reason": piece.reason,
        "decided": stamp(piece.decided_at, now=now) if piece.decided_at else "",
        "errors": dict(errors),
        "open": piece.state != State.HIDDEN,
    }


def _out(piece: PublicPiece) -> bool:
    return piece.public_key is not None and piece.state == State.RELEASED


def _address(photo_id: str, asking: Actor, *, now: datetime) -> str:
    return link(photo_id, Size.FULL, now=now, viewer=viewer_of(asking))
