"""A confidential report comes in: number, seal, history and the body's own push in one transaction."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from server.companies.places import Place
from server.confidential import clocks
from server.confidential.bodies import Desk, offered
from server.confidential.compartments import compartment_of, inside
from server.confidential.keys import present_key
from server.confidential.messages import NEW, NOT_OFFERED
from server.confidential.models import SealedEvent, SealedReport
from server.confidential.notices import tell_body
from server.confidential.photos import check_photos, forget_plain, seal_photos, sent_prints
from server.confidential.quotas import limit
from server.confidential.rules import Act, State
from server.confidential.sealing import PublicKey, seal, words_bytes
from server.confidential.telling import Telling, parts_of
from server.core import clock
from server.core.crypto import vault
from server.core.db import db
from server.core.drawing import draw_number
from server.core.errors import Conflict, Invalid
from server.core.masks import phone_digits
from server.core.tokens import fingerprint
from server.policy.clocks import Due, due, push_at
from server.policy.loader import books
from server.policy.model import Book, Kind

TRIES = 5
BAD_PHONE = "请填手机号或带区号的座机，也可以不填"


@dataclass(frozen=True)
class Told:
    """What the sender gets; the same for a repeat."""

    no: str
    owner_token: str
    repeated: bool
    handler: str
    accept_due_at: datetime
    resolve_due_at: datetime


def is_confidential(county_id: str, kind_key: str) -> bool:
    """Whether a county's book keeps this kind to one body."""
    kind = books()[county_id].kinds.get(kind_key)
    return kind is not None and kind.confidential


def own_token(key: str) -> str:
    """The sender's token, which a repeat of the same key gets again; no ordinary report has the same."""
    secret = vault().root
    made = hmac.new(secret, f"sealed:{key}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def device_index(device_hash: str) -> str:
    """How a browser is known here: keyed, so that nothing ties it to its ordinary reports."""
    return vault().lasting(device_hash, purpose="sealed")


@dataclass(frozen=True)
class Coming:
    """One report on its way in, with all that decides what becomes of it."""

    place: Place
    book: Book
    kind: Kind
    desk: Desk
    telling: Telling
    key: str
    device_hash: str | None
    prints: tuple[str, str]


def file_sealed(
    place: Place, telling: Telling, *, key: str, device_hash: str | None, sender: str, now: datetime
) -> Told:
    """Take a confidential report in; without `device_hash` no trace leads back to a browser.

    `sender` is the network address that limits count by, empty where it says nothing; kept as a keyed fingerprint alone.

    Raises Invalid for a kind that cannot be told here now, Conflict when the key came with another body, TooMany when
    too many came from there or about the estate.
    """
    book = books()[place.county_id]
    desk = offered(book, now=now).get(telling.kind)
    if desk is None:
        raise Invalid(NOT_OFFERED, fields={"kind": "请选择问题类别"})
    if telling.phone and not phone_digits(telling.phone):
        raise Invalid("电话号码不对，请检查；也可以不填。", fields={"phone": BAD_PHONE})
    prints = _prints(place, telling, key)
    coming = Coming(place, book, book.kinds[telling.kind], desk, telling, key, device_hash, prints)
    with inside(book.county_id):
        before = db.session.scalar(_by_key(key))
        if before is not None:
            return _again(before, coming)
    limit(place, book, coming.kind, sender=sender, now=now)
    with inside(book.county_id):
        return _new(coming, now=now)


def _by_key(key: str) -> Select[SealedReport]:
    return select(SealedReport).where(SealedReport.key_hash == fingerprint(key))


def _prints(place: Place, telling: Telling, key: str) -> tuple[str, str]:
    """What was sent, keyed by the sender's own key: once with the photos' content, once with their numbers."""
    plain = asdict(telling) | {"place": place.code, "photos": None}

    def keyed(photos: list[str]) -> str:
        words = json.dumps([plain, photos], sort_keys=True)
        return hmac.new(key.encode(), words.encode(), hashlib.sha256).hexdigest()

    return keyed(sent_prints(telling.photos)), keyed(sorted(telling.photos))


def _again(before: SealedReport, coming: Coming) -> Told:
    sent, again = coming.prints
    if before.sent_hash != sent and before.again_hash != again:
        sentence = f"这份内容之前已经提交过，编号 {before.no}。如果是另一个问题，请作为新的一件提交。"
        raise Conflict(sentence, code="already_sent", no=before.no)
    forget_plain(coming.telling.photos)
    return Told(
        before.no,
        own_token(coming.key),
        repeated=True,
        handler=coming.desk.name,
        accept_due_at=before.accept_due_at,
        resolve_due_at=before.resolve_due_at,
    )


def _new(coming: Coming, *, now: datetime) -> Told:
    book, desk, photos = coming.book, coming.desk, coming.telling.photos
    check_photos(photos)
    public, deadline = present_key(desk.body_id), due(book, coming.kind.time_class, now)
    row = _row(coming, public, deadline, now=now)
    parts = parts_of(coming.place, coming.kind, coming.telling)
    written = _insert(book, row, parts, public, now=now)
    if written is None:  # the same key came twice at once
        return _again(db.session.scalars(_by_key(coming.key)).one(), coming)
    no, report_id = written
    event_id = _first_step(book.county_id, report_id, now=now)
    county = compartment_of(book.county_id)
    seal_photos(photos, public, county_id=county, report_id=report_id, event_id=event_id, no=no)
    later = push_at(book, coming.kind.time_class, now)
    tell_body(desk.body_id, NEW, occasion=f"sealed:{event_id}", now=now, not_before=later)
    return Told(
        no,
        own_token(coming.key),
        repeated=False,
        handler=desk.name,
        accept_due_at=deadline.accept_due_at,
        resolve_due_at=deadline.resolve_due_at,
    )


def _row(coming: Coming, public: PublicKey | None, deadline: Due, *, now: datetime) -> dict[str, object]:
    device = coming.device_hash
    return {
        "county_id": compartment_of(coming.book.county_id),
        "state": State.SUBMITTED.value,
        "body_id": coming.desk.body_id,
        "book_version": coming.book.version,
        "kid": public.kid if public else None,
        "owner_hash": fingerprint(own_token(coming.key)),
        "device_index": device_index(device) if device else None,
        "key_hash": fingerprint(coming.key),
        "sent_hash": coming.prints[0],
        "again_hash": coming.prints[1],
        "submitted_at": now,
        "accept_due_at": deadline.accept_due_at,
        "resolve_due_at": deadline.resolve_due_at,
        "due_at": deadline.accept_due_at,
        "sweep_at": clocks.next_look(State.SUBMITTED, deadline.accept_due_at, now=now),
    }


def _insert(
    book: Book,
    row: dict[str, object],
    parts: dict[str, dict[str, object]],
    public: PublicKey | None,
    *,
    now: datetime,
) -> tuple[str, int] | None:
    for _ in range(TRIES):
        no = draw_number(book.letters, clock.today(now), apart=True)
        seals = {part: seal(words_bytes(said), public, no=no, part=part) for part, said in parts.items()}
        written = insert(SealedReport).values(**row, **seals, no=no).on_conflict_do_nothing()
        report_id = db.session.execute(written.returning(SealedReport.id)).scalar_one_or_none()
        if report_id is not None:
            return no, report_id
        if db.session.scalar(select(SealedReport.id).where(SealedReport.key_hash == row["key_hash"])):
            return None
    raise RuntimeError("no free report number in five tries")


def _first_step(county_id: str, report_id: int, *, now: datetime) -> int:
    step = {
        "county_id": compartment_of(county_id),
        "report_id": report_id,
        "at": now,
        "act": Act.SUBMIT.value,
    }
    written = insert(SealedEvent).values(by_kind="reporter", **step).returning(SealedEvent.id)
    return int(db.session.execute(written).scalar_one())
