"""Bodies of the report calls: what comes in, what goes out."""

from marshmallow import fields, validate

from server.core.numbers import Flag, Whole
from server.core.schemas import Body, PageArgs
from server.core.text import Text
from server.reports.changes import OUTCOMES
from server.reports.filing import PHOTOS_MOST
from server.reports.workflow import STEPS

TEXT_MOST = 1000
ACTS = tuple(act.value for act in STEPS)


class PhotoIds(fields.List[str]):
    """Numbers of photos sent before, each once."""

    def __init__(self) -> None:
        super().__init__(Text(most=32, least=1), validate=validate.Length(max=PHOTOS_MOST), load_default=list)


class Where(Body):
    """Where exactly, inside the estate."""

    building = Text(most=40, load_default="")
    unit = Text(most=20, load_default="")
    text = Text(most=80, load_default="")


class FileReport(Body):
    """A new report."""

    place = Text(most=40, least=1, required=True, metadata={"description": "scan code"})
    kind = Text(most=60, least=1, required=True, metadata={"description": "key of `GET /places/{code}`"})
    text = Text(most=TEXT_MOST, load_default="")
    photos = PhotoIds()
    where = fields.Nested(Where, load_default=lambda: {"building": "", "unit": "", "text": ""})
    phone = Text(most=30, load_default="")
    public = Flag(load_default=False)
    contact_ok = Flag(load_default=False)


class Filed(Body):
    """What the sender of a report gets, the first time and at every repeat."""

    no = fields.String(required=True)
    track_url = fields.String(required=True)
    owner_token = fields.String(required=True)
    handler = fields.String(required=True)
    accept_due_at = fields.AwareDateTime(required=True)
    resolve_due_at = fields.AwareDateTime(required=True)


class ReportArgs(PageArgs):
    """What the list of reports is narrowed to."""

    tab = fields.String(validate=validate.OneOf(("new", "doing", "late", "waiting", "done")))
    state = fields.String(
        validate=validate.OneOf(("submitted", "accepted", "resolved", "closed", "withdrawn", "void"))
    )
    estate = Whole(written=True)
    q = Text(most=60)
    mine = Flag(written=True, load_default=False)


class ReportRow(Body):
    """A report in a list."""

    no = fields.String(required=True)
    state = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    estate_id = fields.String(required=True)
    estate = fields.String(required=True)
    handler = fields.String(required=True)
    text = fields.String(required=True)
    where = fields.Nested(Where, required=True)
    safety = fields.Boolean(required=True)
    late = fields.Boolean(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)


class ReportPage(Body):
    """A page of reports."""

    items = fields.List(fields.Nested(ReportRow), required=True)
    next = fields.String(required=True, allow_none=True)


class PhotoView(Body):
    """A photo of a report by its two signed addresses."""

    id = fields.String(required=True)
    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
    purpose = fields.String(required=True)


class EventView(Body):
    """One step of a report's history."""

    at = fields.AwareDateTime(required=True)
    act = fields.String(required=True)
    label = fields.String(required=True)
    by = fields.String(required=True)
    text = fields.String(required=True)


class IdentityView(Body):
    """One look at the reporter's phone."""

    at = fields.AwareDateTime(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    words = fields.String(required=True)
    shown = fields.String(required=True)


class ReportView(ReportRow):
    """A report whole, with what this caller may do now."""

    accept_due_at = fields.AwareDateTime(required=True)
    resolve_due_at = fields.AwareDateTime(required=True)
    reopen_due_at = fields.AwareDateTime(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    closed_as = fields.String(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    asked = fields.Boolean(required=True)
    photos = fields.List(fields.Nested(PhotoView), required=True)
    events = fields.List(fields.Nested(EventView), required=True)
    acts = fields.List(fields.String(), required=True)
    has_phone = fields.Boolean(metadata={"description": "for its reporter alone, as the next two"})
    contact_ok = fields.Boolean()
    identity_views = fields.List(fields.Nested(IdentityView))


class CallMe(Body):
    """The reporter's word that he may be rung, given or taken back."""

    contact_ok = Flag(required=True)


class ActBody(Body):
    """What comes with an act; which parts it needs depends on the act."""

    version = Whole(required=True, most=2**31 - 1)
    text = Text(most=TEXT_MOST, load_default="")
    photos = PhotoIds()
    outcome = fields.String(validate=validate.OneOf(OUTCOMES), load_default=None, allow_none=True)
    basis = Text(most=400, load_default=None, allow_none=True)
    score = Whole(most=5, load_default=None, allow_none=True)
    reasons = fields.List(Text(most=40, least=1), validate=validate.Length(max=9), load_default=list)
    body = Whole(load_default=None, allow_none=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True)
