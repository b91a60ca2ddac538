"""Several at once on real connections: each due thing happens once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier

from sqlalchemy import select

from server.core import clock
from server.core.db import db
from server.escalation.models import FeedEntry
from server.escalation.service import sweep
from server.notices.channels import MemoryChannel
from server.notices.dispatch import deliver_push
from server.notices.models import Push
from tests.escalation.cases import filed
from tests.photos.pictures import encoded, flag

SIDE_BY_SIDE = 4


def at_once(app, work):
    """The same work in several threads that begin together, each with a session of its own."""
    gate = Barrier(SIDE_BY_SIDE)

    def one(_):
        with app.app_context():
            gate.wait()
            return work()

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(one, range(SIDE_BY_SIDE)))


def test_sweepers_side_by_side_tell_each_level_once(committed, town):
    began = clock.now() - timedelta(days=60)
    reports = [
        filed(town, name, now=began, key=f"{n:032}")
        for n in range(4)
        for name in ("ys.hill", "st.hill")[n % 2 :][:1]
    ]
    now = clock.now()

    def work():
        looked = 0
        while found := sweep(now, most=1):
            db.session.commit()
            looked += found
        db.session.commit()
        return looked

    assert sum(at_once(committed, work)) == len(reports)
    db.session.rollback()
    entries = db.session.scalars(select(FeedEntry)).all()
    once = Counter((one.report_id, one.reason, one.level) for one in entries if one.reason != "vacant")
    assert len(once) == 6 * len(reports)
    assert set(once.values()) == {1}
    assert len(db.session.scalars(select(Push).where(Push.purpose == "overdue")).all()) == len(once)


def test_workers_side_by_side_send_a_push_once(committed, town):
    filed(town, now=clock.now(), time_class="urgent", safety=True)
    numbers = db.session.scalars(select(Push.id).where(Push.state == "pending")).all()
    ways = {"wecom_app": MemoryChannel("wecom_app")}
    now = clock.now()

    def work():
        for number in numbers:
            deliver_push(number, channels=ways, now=now)

    at_once(committed, work)
    assert len(ways["wecom_app"].sent) == len(numbers)


def test_copies_of_a_photo_at_once_are_one_photo_and_none_fails(committed, town, tmp_path):
    """A form without a script that is sent twice, or a phone that asks again before it has its answer."""
    data, headers = encoded(flag((640, 480))), {"Idempotency-Key": "p" * 32}

    def send():
        form = {"file": (BytesIO(data), "a.jpg")}
        answer = committed.test_client().post("/api/v1/photos", data=form, headers=headers)
        return answer.status_code, answer.json["id"]

    answers = at_once(committed, send)
    assert Counter(answers) == {(201, answers[0][1]): SIDE_BY_SIDE}
    stored = [path for path in (tmp_path / "photos").rglob("*") if path.is_file()]
    assert sorted(path.parent.name for path in stored) == [answers[0][1]] * 2
