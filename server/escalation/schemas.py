"""What the feed call takes and gives."""

from marshmallow import fields, validate

from server.core.numbers import Flag, Whole
from server.core.schemas import Body, PageArgs
from server.core.text import Text
from server.escalation.rules import Reason
from server.policy.terms import Level

REASONS = tuple(reason.value for reason in Reason)
LEVELS = tuple(level.value for level in Level)


class FeedArgs(PageArgs):
    """What the feed is narrowed to."""

    area = Whole(written=True, metadata={"description": "a township or a community"})
    kind = Text(most=60, metadata={"description": "a kind of problem, or a tile with all its kinds"})
    reason = fields.String(validate=validate.OneOf(REASONS))
    open = Flag(
        written=True, metadata={"description": "true: what still needs a look; false: what is settled"}
    )


class FeedReport(Body):
    """The report that an entry is about."""

    no = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    estate_id = fields.String(required=True)
    estate = fields.String(required=True)
    community = fields.String(required=True)
    handler = fields.String(required=True)
    safety = fields.Boolean(required=True)
    due_at = fields.AwareDateTime(required=True)


class FeedItem(Body):
    """One entry: why to look, for which level, since when."""

    id = fields.String(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    title = fields.String(required=True)
    detail = fields.String(required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    level_label = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    note = fields.String(required=True)
    report = fields.Nested(FeedReport, required=True, allow_none=True)


class FeedPage(Body):
    """A page of the feed."""

    items = fields.List(fields.Nested(FeedItem), required=True)
    next = fields.String(required=True, allow_none=True)
