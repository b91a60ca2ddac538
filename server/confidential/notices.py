"""Pushes to a confidential body: one plain sentence, no number, no county; its own holders alone, never a group."""

from datetime import datetime

from flask import current_app

from server.confidential.messages import PUSHES
from server.core import wire
from server.core.db import NATIONAL
from server.notices.channels import Message
from server.notices.desks import Reach
from server.notices.models import Push
from server.notices.service import write_pushes

PURPOSES = tuple(PUSHES)
TEMPLATE = "notice"
ONE = "1"
"""Templates have a field for a number; this is how many there are."""
REACHES = """
SELECT DISTINCT ON (h.person_id) h.person_id, a.id, a.channel
FROM post p
JOIN holding h ON h.post_id = p.id AND h.ended_at IS NULL AND (h.until_at IS NULL OR h.until_at > %(now)s)
JOIN person w ON w.id = h.person_id AND w.disabled_at IS NULL
JOIN address a ON a.person_id = h.person_id AND a.ended_at IS NULL
WHERE p.body_id = %(body)s AND p.role = 'confidential'
ORDER BY h.person_id, a.rank, a.id
"""


def tell_body(
    body_id: int, purpose: str, *, occasion: str, now: datetime, not_before: datetime | None
) -> None:
    """A push to every holder who can be reached; in the ledger it belongs to no county, no post and no report.

    Whoever has bound no channel gets none: his own page tells him, and nobody else is told that he has none.
    """
    rows = wire.rows(REACHES, {"body": body_id, "now": now})
    write_pushes(
        NATIONAL,
        [Reach(None, person, address, channel) for person, address, channel in rows],
        report_id=None,
        purpose=purpose,
        occasion=occasion,
        urgent=False,
        now=now,
        not_before=not_before,
    )


def compose_push(push: Push) -> Message:
    """Words without a number; the link leads to the inbox behind the login."""
    words = PUSHES[push.purpose]
    base = current_app.extensions["settings"].base_url
    return Message(
        key=f"push-{push.id}",
        purpose=TEMPLATE,
        title=words,
        lines=(("说明", words),),
        url=f"{base}/c/",
        no=ONE,
    )
