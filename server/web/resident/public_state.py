"""How far a report's pieces are on their way to the public, in words for its author."""

from dataclasses import dataclass

from server.moderation.rules import Piece, State
from server.moderation.showing import own_pieces
from server.reports.models import Report
from server.web.wording import Tag

NAMES = {Piece.TEXT: "文字", Piece.PHOTO: "照片"}
TAGS = {
    State.WAITING: Tag("等待审核", "info", "ring"),
    State.RELEASED: Tag("已公开", "ok", "tick"),
    State.REFUSED: Tag("没有公开", "warn", "cross"),
    State.HIDDEN: Tag("不再公开", "", "cross"),
}


@dataclass(frozen=True)
class PublicPart:
    """One piece: what it is, how it stands, and why."""

    name: str
    tag: Tag
    note: str


def public_parts(report: Report) -> list[PublicPart]:
    """The pieces of a report that may be public; none, and no statement, where the author did not agree."""
    if not report.public:
        return []
    rows, counts = own_pieces(report.id), dict.fromkeys(NAMES, 0)
    found = []
    for row in rows:
        piece = Piece(row.piece)
        counts[piece] += 1
        name = NAMES[piece] if piece is Piece.TEXT else f"{NAMES[piece]} {counts[piece]}"
        note = (
            f"原因：{row.reason}" if row.reason else f"公开的是：{row.public_text}" if row.public_text else ""
        )
        found.append(PublicPart(name, TAGS[State(row.state)], note))
    return found
