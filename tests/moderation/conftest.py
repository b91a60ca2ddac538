"""Reports that their authors agreed to show, and a checker that says what a test wants."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from server.accounts.roles import Actor
from server.core import clock
from server.core.db import db
from server.core.tokens import fingerprint
from server.moderation.checking import Found
from server.moderation.models import PublicPiece, PublicReport
from server.photos.service import keep_photo
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.models import Report
from tests.photos.pictures import encoded, flag

DEVICE = "d" * 43
OWNER = Actor(device_hash=fingerprint(DEVICE))


@pytest.fixture
def tell(world):
    """Files a report; public unless told otherwise, with photos on request."""
    made = []

    def file(estate="ys.hill", *, photos=0, public=True, resident_id=None, **more):
        number = len(made)
        ids = tuple(
            keep_photo(encoded(flag((480 + 16 * number + one, 320)), quality=90), now=clock.now())[0].id
            for one in range(photos)
        )
        filing = Filing(**{"kind": "pipe.leak", "text": "地下室漏水", "photos": ids, "public": public} | more)
        by = Actor(device_hash=OWNER.device_hash, resident_id=resident_id)
        key = f"public-{number:025d}"
        filed = file_report(world.place(estate), filing, key=key, by=by, now=clock.now())
        made.append(filed)
        db.session.flush()
        return db.session.get_one(Report, filed.report_id)

    return file


@pytest.fixture
def act(world):
    """Does an act on a report, as its owner or as somebody of the world."""

    def do(report, act, by=None, **deed):
        db.session.refresh(report)
        actor = world.actor(by) if by else OWNER
        given = Deed(version=report.version, **deed)
        return act_on(report, act, given, by=actor, now=clock.now())

    return do


def pieces_of(report):
    query = select(PublicPiece).where(PublicPiece.report_id == report.id).order_by(PublicPiece.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def piece_of(report, kind="text"):
    return next(one for one in pieces_of(report) if one.piece == kind)


def shown_of(report):
    query = select(PublicReport).where(PublicReport.report_id == report.id)
    return db.session.scalar(query.execution_options(populate_existing=True))


@dataclass
class Checks:
    """A checker whose answers stand here; an exception among them is raised."""

    openid: str = "o" * 28
    why: str = ""
    said: list = field(default_factory=list)
    asked: list = field(default_factory=list)

    def visitor(self, resident_id, *, now):
        return self.openid, self.why

    def _next(self, what):
        self.asked.append(what)
        answer = self.said.pop(0) if self.said else Found("pass", 100)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def text(self, openid, text):
        return self._next(text)

    def photo(self, openid, photo_id, *, now):
        return self._next(photo_id)


@pytest.fixture
def checks():
    return Checks()
