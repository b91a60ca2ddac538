"""A report comes in: one transaction writes it, its history, its inbox rows, its pushes and their jobs."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from server.accounts.roles import Actor
from server.companies.places import Place
from server.core import clock, limits
from server.core.crypto import vault
from server.core.drawing import draw_number
from server.core.errors import Conflict, Invalid
from server.core.masks import phone_digits
from server.core.tokens import fingerprint
from server.notices import service as notices
from server.photos.service import use_photos
from server.policy.clocks import Due, due, push_at
from server.reports import statements
from server.reports.clocks import Running, next_look
from server.reports.happenings import Happening, tell
from server.reports.origins import Origin, stricter, whence
from server.reports.planning import Plan, plan_report
from server.reports.quotas import Sender, quotas, wait
from server.reports.routed_parts import ask_joint
from server.reports.sides import filed_sides
from server.reports.workflow import SUBMITTED, Act

TRIES = 5
PHOTOS_MOST = 9


@dataclass(frozen=True)
class Filing:
    """What a resident sends, already checked for form."""

    kind: str
    text: str = ""
    photos: tuple[str, ...] = ()
    building: str | None = None
    unit: str | None = None
    where: str | None = None
    phone: str | None = None
    public: bool = False
    contact_ok: bool = False
    called_first: bool = False
    """The page showed whom to call before this was sent (A13)."""


@dataclass(frozen=True)
class Filed:
    """What the sender gets: the number, the proof that it is his, and whether it had come before."""

    report_id: int
    no: str
    owner_token: str
    repeated: bool
    handler: str
    accept_due_at: datetime
    resolve_due_at: datetime


def owner_token(key: str) -> str:
    """The reporter's token: nobody can guess it, and a repeat of the same key gets the same one again."""
    secret = vault().root
    return (
        urlsafe_b64encode(hmac.new(secret, f"owner:{key}".encode(), hashlib.sha256).digest())
        .decode()
        .rstrip("=")
    )


def file_report(
    place: Place,
    filing: Filing,
    *,
    key: str,
    by: Actor,
    now: datetime,
    filed_by: int | None = None,
    sender: Sender | None = None,
    origin: Origin | None = None,
) -> Filed:
    """Take a report in. The same key with the same body gives the first answer again; another body Conflict.

    Raises Invalid for a kind that the county's book does not offer, a wrong phone, or photos that are gone;
    TooMany for a sender who has filed too much (none named: whoever calls answers for it).
    """
    plan = plan_report(place, filing.kind, now=now)
    _check(filing)
    token = owner_token(key)
    began_at = origin.submitted_at if origin else now
    deadline = stricter(due(plan.book, plan.kind.time_class, began_at), origin)
    row = _row(place, filing, plan, deadline, key=key, token=token, by=by, now=began_at)
    row |= {"filed_by": filed_by, **whence(origin, filed_by)}
    counted = quotas(sender, place, plan.book, plan.kind) if sender else ()
    row |= limits.given(counted, now) | _told(place, plan, now=now)
    for _ in range(TRIES):
        no = row["no"] = draw_number(plan.book.letters, clock.today(now), apart=False)
        written = statements.insert_report(row)
        if written is not None:
            if written.over:
                raise wait(limits.over(counted, written.over), place, plan.book, now=now)
            _finish(place, written, no, filing, plan, now=now)
            ask_joint(plan, written.report_id, written.event_id, due_at=deadline.resolve_due_at, now=now)
            return Filed(
                written.report_id,
                no,
                token,
                repeated=False,
                handler=plan.handler_name,
                accept_due_at=deadline.accept_due_at,
                resolve_due_at=deadline.resolve_due_at,
            )
        before = statements.by_key(row["key_hash"])
        if before is not None:
            return _again(before, row["body_hash"], token)
    raise RuntimeError("no free report number in five tries")


def _check(filing: Filing) -> None:
    if len(filing.photos) > PHOTOS_MOST:
        raise Invalid(f"最多 {PHOTOS_MOST} 张照片。", fields={"photos": f"最多 {PHOTOS_MOST} 张"})
    if filing.phone and not phone_digits(filing.phone):
        raise Invalid(
            "电话号码不对，请检查；也可以不填。", fields={"phone": "请填手机号或带区号的座机，也可以不填"}
        )


def _row(
    place: Place, filing: Filing, plan: Plan, deadline: Due, *, key: str, token: str, by: Actor, now: datetime
) -> dict[str, object]:
    klass, sides = plan.kind.time_class, filed_sides(plan.book, plan.kind.key, plan.kind.time_class, now)
    running = Running(
        SUBMITTED, klass, deadline.accept_due_at, deadline.resolve_due_at, None, None, sides=sides
    )
    phone = phone_digits(filing.phone) if filing.phone else None
    safe = vault()
    return {
        "county_id": place.county_id,
        "estate_id": place.estate_id,
        "spot_id": place.spot_id,
        "project_id": place.project_id,
        "handler_id": plan.handler_id,
        "project_body_id": place.project_body_id,
        "community_id": place.community_id,
        "township_id": place.township_id,
        "kind": plan.kind.key,
        "time_class": plan.kind.time_class,
        "book_version": plan.book.version,
        "text": filing.text,
        "building": filing.building,
        "unit": filing.unit,
        "where_text": filing.where,
        "safety": bool(plan.kind.safety),
        "counts": plan.kind.counts,
        "public": filing.public,
        "contact_ok": filing.contact_ok,
        "resident_id": by.resident_id,
        "owner_hash": fingerprint(token),
        "device_hash": by.device_hash,
        "phone_sealed": safe.seal(phone) if phone else None,
        "phone_index": safe.blind(phone, purpose="phone") if phone else None,
        "key_hash": fingerprint(key),
        "body_hash": fingerprint(json.dumps([place.code, vars(filing)], sort_keys=True)),
        "submitted_at": now,
        "accept_due_at": deadline.accept_due_at,
        "resolve_due_at": deadline.resolve_due_at,
        "due_at": deadline.accept_due_at,
        "sweep_at": next_look(plan.book, running, after=now),
        "contact_due_at": sides.contact_due_at,
        "hazard_step": sides.hazard_step,
        "hazard_due_at": sides.hazard_due_at,
        "called_first": filing.called_first,
    }


def _told(place: Place, plan: Plan, *, now: datetime) -> dict[str, object]:
    """What the desks get, as the parameters of the same statement."""
    at_once = bool(plan.kind.safety) or plan.kind.time_class in plan.book.quiet.spares
    return notices.given(
        place.county_id,
        plan.delivery.pushes.values(),
        purpose="new",
        urgent=at_once,
        now=now,
        not_before=None if at_once else push_at(plan.book, plan.kind.time_class, now),
        inbox=plan.delivery.inbox,
    )


def _finish(
    place: Place, written: statements.Written, no: str, filing: Filing, plan: Plan, *, now: datetime
) -> None:
    if filing.photos:
        use_photos(filing.photos, place.county_id, written.report_id, written.event_id, purpose="before")
    tell(
        Happening(
            act=Act.SUBMIT,
            report_id=written.report_id,
            no=no,
            county_id=place.county_id,
            estate_id=place.estate_id,
            community_id=place.community_id,
            township_id=place.township_id,
            event_id=written.event_id,
            at=now,
            safety=bool(plan.kind.safety),
            public=filing.public,
            vacant=plan.vacant,
        )
    )


def sent_before(key: str) -> bool:
    """Whether something came under this key already."""
    return statements.by_key(fingerprint(key)) is not None


def _again(before: statements.Before, body_hash: object, token: str) -> Filed:
    if before.body_hash != body_hash:
        raise Conflict(
            f"这份内容之前已经提交过，编号 {before.no}。如果是另一个问题，请作为新的一件提交。",
            code="already_sent",
            no=before.no,
        )
    return Filed(
        before.report_id,
        before.no,
        token,
        repeated=True,
        handler=before.handler,
        accept_due_at=before.accept_due_at,
        resolve_due_at=before.resolve_due_at,
    )
