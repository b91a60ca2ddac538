"""Bodies of the report calls: what comes in, what goes out."""

from marshmallow import fields, validate

from server.core.numbers import Flag, Whole
from server.core.schemas import Body, PageArgs
from server.core.text import Text
from server.reports.changes import OUTCOMES
from server.reports.filing import PHOTOS_MOST
from server.reports.hazards import PERSON_MOST
from server.reports.mediating import PHONE
from server.reports.mediating import RESULTS as MEDIATION_RESULTS
from server.reports.side_changes import RESULTS as RESULTS_OF
from server.reports.side_changes import WAYS
from server.reports.workflow import STEPS

TEXT_MOST = 1000
JOINT_MOST = 9
RESULTS = tuple(
    dict.fromkeys([*(result for known in RESULTS_OF.values() for result in known), *MEDIATION_RESULTS, PHONE])
)
ACTS = tuple(act.value for act in STEPS)
PHOTO_OPENS = (
    "opens without a token, for 12 hours at most; what staff were given no longer than the login that asked,"
    " their post, and their sight of the report"
)


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
    called_first = Flag(
        load_default=False, metadata={"description": "the sender was shown whom to call first"}
    )


class CallFirst(Body):
    """Whom to call before anything else; the number is empty where the estate has entered none."""

    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class Filed(Body):
    """What the sender of a report gets, the first time and at every repeat."""

    no = fields.String(required=True)
    track_url = fields.String(required=True)
    owner_token = fields.String(required=True)
    handler = fields.String(required=True)
    accept_due_at = fields.AwareDateTime(required=True)
    resolve_due_at = fields.AwareDateTime(required=True)
    call_first = fields.List(fields.Nested(CallFirst), required=True)


class ReportArgs(PageArgs):
    """What the list of reports is narrowed to."""

    tab = fields.String(validate=validate.OneOf(("new", "doing", "late", "waiting", "done")))
    state = fields.String(
        validate=validate.OneOf(
            ("submitted", "accepted", "resolved", "closed", "whistled", "rejected", "withdrawn", "void")
        )
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
    url = fields.String(required=True, metadata={"description": PHOTO_OPENS})
    thumb_url = fields.String(required=True, metadata={"description": "the small size, as `url`"})
    purpose = fields.String(required=True)


class EventView(Body):
    """One step of a report's history."""

    at = fields.AwareDateTime(required=True)
    act = fields.String(required=True)
    label = fields.String(required=True)
    by = fields.String(required=True)
    text = fields.String(required=True)


class IdentityView(Body):
    """One look at the reporter's phone, or a finding again from another browser."""

    at = fields.AwareDateTime(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    words = fields.String(required=True)
    shown = fields.String(required=True)


class HazardView(Body):
    """A step against a danger: the measure with its deadline and responsible post, or a second look."""

    at = fields.AwareDateTime(required=True)
    step = fields.String(required=True)
    text = fields.String(required=True)
    person = fields.String(required=True)
    until = fields.AwareDateTime(required=True, allow_none=True)
    result = fields.String(required=True)


class CalledView(Body):
    """A body that was called to a report: as its lead, or for a part beside it."""

    body = fields.String(required=True)
    lead = fields.Boolean(required=True)
    asked_at = fields.AwareDateTime(required=True)
    report_in_due_at = fields.AwareDateTime(required=True, allow_none=True)
    reported_in_at = fields.AwareDateTime(required=True, allow_none=True)
    due_at = fields.AwareDateTime(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_as = fields.String(required=True, allow_none=True)


class ReportView(ReportRow):
    """A report whole, with what this caller may do now."""

    accept_due_at = fields.AwareDateTime(required=True)
    resolve_due_at = fields.AwareDateTime(required=True)
    reopen_due_at = fields.AwareDateTime(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    closed_as = fields.String(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    asked = fields.Boolean(required=True)
    checking = fields.Boolean(
        required=True,
        metadata={"description": "a second body checks the answer before the reporter is asked"},
    )
    next_step = fields.String(required=True, metadata={"description": "what follows from the outcome"})
    hazards = fields.List(fields.Nested(HazardView), required=True)
    photos = fields.List(fields.Nested(PhotoView), required=True)
    called = fields.List(fields.Nested(CalledView), required=True)
    events = fields.List(fields.Nested(EventView), required=True)
    acts = fields.List(fields.String(), required=True)
    has_phone = fields.Boolean(metadata={"description": "for its reporter alone, as the next three"})
    contact_ok = fields.Boolean()
    find_code = fields.String(
        allow_none=True,
        metadata={
            "description": "with number and phone opens the report in another browser; none without a phone"
        },
    )
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
    joint = fields.List(
        Whole(),
        validate=validate.Length(max=JOINT_MOST),
        load_default=list,
        metadata={"description": "bodies to answer a part beside the one that handles"},
    )
    part = Flag(
        load_default=False,
        metadata={"description": "the reply answers the part that was asked of one's body"},
    )
    until = fields.AwareDateTime(load_default=None, allow_none=True)
    result = fields.String(validate=validate.OneOf(RESULTS), load_default=None, allow_none=True)
    way = fields.String(validate=validate.OneOf(tuple(WAYS)), load_default=None, allow_none=True)
    person = Text(most=PERSON_MOST, load_default="")
    lead = Text(most=20, load_default="", metadata={"description": "number of the report to merge into"})
