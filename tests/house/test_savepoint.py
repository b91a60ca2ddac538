"""What a test takes back is gone, its locks too."""

from sqlalchemy import text

from server.core.db import db
from tests.savepoint import undone

HELD = text("SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND pid = pg_backend_pid()")
COUNTED = text("SELECT count(*) FROM tally")
WRITE = text("INSERT INTO tally (sender, window_at, count) VALUES (:sender, now(), 1)")


def write(link, number):
    """A row in a transaction inside, as a request writes it."""
    with undone(link):
        db.session.execute(WRITE, {"sender": f"somebody {number}"})
        db.session.commit()
        assert db.session.scalar(COUNTED) == 1


def test_many_calls_taken_back_leave_no_row_and_no_lock(app):
    link = db.engines[None]
    write(link, 0)
    held = link.scalar(HELD)
    for number in range(20):
        write(link, number)
    assert link.scalar(COUNTED) == 0
    assert link.scalar(HELD) == held
