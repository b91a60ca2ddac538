"""Alive and ready: what balancers are told, also while the database hangs, and what a log may hold."""

import os
import socket
import threading

import pytest

from server.app import create_app
from server.core import checks, health
from server.core.checks import FAILS, HANGS, OK, Check
from server.core.counting_folder import forget_dead
from server.core.errors import Unavailable
from server.photos.store import MemoryStore
from server.settings import Settings


class Full(MemoryStore):
    """A store without room."""

    def put(self, key, data):
        """Refuse, as a full disk does."""
        raise Unavailable("照片暂时存不下")


@pytest.fixture
def hanging():
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture(params=["nobody listens", "somebody listens and says nothing"])
def stranded(request, tmp_path):
    """A browser of an application whose database is away."""
    port = 1 if request.param == "nobody listens" else request.getfixturevalue("hanging")
    url = f"postgresql://nobody@127.0.0.1:{port}/nothing?connect_timeout=2"
    app = create_app(Settings(database_url=url, var_dir=str(tmp_path)))
    return app.test_client()


def test_without_the_database_the_process_is_alive_not_ready_and_asks_to_come_back(stranded):
    assert stranded.get("/healthz").json == {"status": "ok"}
    answer = stranded.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, FAILS)
    assert int(answer.headers["Retry-After"]) > 0
    page = stranded.get("/invite/" + "a" * 43, headers={"Accept": "application/json"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")


def test_a_ready_process_says_what_it_looked_at(client):
    assert client.get("/readyz").json == {"status": "ok", "database": OK, "photos": OK}


def test_without_room_for_photos_reports_are_taken_still_and_readiness_says_so(settings):
    app = create_app(settings)
    app.extensions["photos"].inner = Full()
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["status"], answer.json["photos"]) == (200, "degraded", FAILS)


@pytest.mark.parametrize(
    ("there", "word"),
    [("0027", health.BEHIND), (None, health.BEHIND), ("head", OK), ("a later release's", OK)],
)
def test_a_schema_behind_is_not_ready_and_one_ahead_serves_still(there, word):
    _, heads = health.revisions()
    found = set(heads) if there == "head" else {there} - {None}
    assert health.judged(found) == word


@pytest.mark.parametrize(("others", "left"), [((), 0), ((os.getpid(),), 2)])
def test_counts_begin_anew_only_when_all_who_counted_are_gone(tmp_path, others, left):
    for pid in (2**22 + 1, *others):
        (tmp_path / f"counter_{pid}.db").touch()
    forget_dead(tmp_path)
    assert len(list(tmp_path.iterdir())) == left


def test_a_check_that_hangs_is_asked_once_and_answered_for(monkeypatch):
    monkeypatch.setattr(checks, "PATIENCE_SECONDS", 0.05)
    runs, go_on = [], threading.Event()

    def run():
        runs.append(1)
        go_on.wait()
        return OK

    slow = Check(run, keep_seconds=60)
    assert [slow.answer() for _ in range(3)] == [HANGS] * 3
    go_on.set()
    slow._done.wait()
    assert (slow.answer(), len(runs)) == (OK, 1)
