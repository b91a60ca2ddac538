"""The edge: commits once, answers faults in words, trusts no form from elsewhere."""

import pytest
from sqlalchemy import select

from server.accounts.models import LoginFailure
from server.core import jobs
from server.core.db import db
from server.notices.jobs import push as push_job


def test_unknown_addresses_answer_in_the_reader_s_language(client):
    assert "没有找到" in client.get("/nowhere", headers={"Accept": "text/html"}).text
    answer = client.get("/api/v1/nowhere")
    assert (answer.status_code, answer.json["status"]) == (404, 404)


def test_a_wrong_method_says_which_are_right(client):
    answer = client.delete("/api/v1/reports")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_every_answer_carries_the_headers(client):
    headers = client.get("/login").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused_and_changes_nothing(client, world):
    answer = client.post("/login", data={"username": "ys.bureau", "password": "x"})
    assert answer.status_code == 400
    assert db.session.scalar(select(LoginFailure.id)) is None


def test_a_form_from_another_site_is_refused(client, world):
    answer = client.post("/logout", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400


def test_a_job_lives_and_dies_with_its_transaction(app):
    def waiting():
        return db.session.scalar(db.text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'push'"))

    before = waiting()
    with db.session.begin_nested() as inner:
        jobs.defer(db.session, push_job, [{"push_id": 1, "county_id": "371323"}])
        assert waiting() == before + 1
        inner.rollback()
    assert waiting() == before


@pytest.mark.parametrize("path", ["/m/", "/b/", "/b/reports", "/account", "/b/estates"])
def test_who_is_not_logged_in_is_asked_to(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in (302, 303, 401)
