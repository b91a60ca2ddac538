"""The call that feeds and their polling pages live on (contract.md, JSON API)."""

from typing import Any

from flask import jsonify

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core.entry import entry
from server.core.errors import Invalid
from server.core.http import etag_answer
from server.core.schemas import Calls
from server.escalation.queries import FeedFilter, feed_page, feed_version
from server.escalation.schemas import FeedArgs, FeedPage
from server.escalation.views import item
from server.policy.loader import books

calls = Calls("feed", __name__, description="需要上级关注的事项")


@calls.get("/feed")
@entry(Role.BUREAU, Role.TOWNSHIP, Role.COMMUNITY)
@calls.arguments(FeedArgs, location="query")
@calls.response(200, FeedPage)
@calls.alt_response(304, schema=None, description="nothing has changed since this ETag")
@calls.alt_response(401, description="no token, or one that has ended")
@calls.alt_response(403, description="a post without a feed")
@calls.alt_response(404, description="no such area in this county")
def feed(args: dict[str, Any]) -> Any:
    """What needs somebody higher up, newest first; poll with `If-None-Match`."""
    asking = actor()
    county = asking.county_id or ""
    wanted = FeedFilter(
        area=args.get("area"),
        kinds=kinds_of(county, args.get("kind")),
        reason=args.get("reason"),
        open=args.get("open"),
    )

    def body() -> Any:
        page = feed_page(asking, wanted, after=args.get("after"), limit=args["limit"])
        return jsonify(items=[item(row) for row in page.items], next=page.next)

    return etag_answer(f"{county}-{feed_version(county)}", body)


def kinds_of(county_id: str, key: str | None) -> tuple[str, ...]:
    """The kinds that a filter means: the one of this key, or all of a tile's. Raises Invalid for neither."""
    if not key:
        return ()
    book = books()[county_id]
    found = (key,) if key in book.kinds else tuple(kind.key for kind in book.kinds_of(key))
    if not found:
        raise Invalid("没有这一类问题。", fields={"kind": "没有这一类问题"})
    return found
