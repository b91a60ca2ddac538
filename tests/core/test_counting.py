"""Counting for Prometheus: only by processes that stay, in a folder they may write, and never at an answer's cost."""

import logging
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from server.app import create_app
from server.core import counting, counting_folder, measures
from server.core.counting_folder import VARIABLE, prepare, serves
from server.settings import Settings
from tests.conftest import ROOT

TOKEN = "a-token-of-prometheus-alone"


@pytest.fixture
def elsewhere(monkeypatch):
    """The variable as it was found, whatever a test makes of it."""
    monkeypatch.setenv(VARIABLE, "x")
    monkeypatch.delenv(VARIABLE)
    return monkeypatch


@pytest.mark.parametrize(
    ("words", "by_flask", "stays"),
    [
        (["granian", "wsgi:app"], False, True),
        (["flask", "--app", "wsgi", "work"], True, True),
        (["flask", "--app", "wsgi", "run"], True, True),
        (["flask", "--app", "wsgi", "db", "upgrade"], True, False),
        (["flask", "--app", "wsgi", "backup", "work"], True, False),
    ],
)
def test_web_processes_and_workers_stay_and_commands_do_not(words, by_flask, stays):
    assert serves(words, by_flask=by_flask) is stays


@pytest.mark.parametrize(("token", "serving"), [("", True), (TOKEN, False)])
def test_whoever_is_not_asked_writes_no_counts_whatever_the_environment_says(
    tmp_path, elsewhere, token, serving
):
    elsewhere.setenv(VARIABLE, str(tmp_path / "counts"))
    prepare(Settings(metrics_token=token, var_dir=str(tmp_path)), serving=serving)
    assert VARIABLE not in os.environ
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_stays_has_its_folder(tmp_path, elsewhere):
    prepare(Settings(metrics_token=TOKEN, var_dir=str(tmp_path)), serving=True)
    assert os.environ[VARIABLE] == str(tmp_path / "metrics")
    assert (tmp_path / "metrics").is_dir()


def test_a_folder_that_cannot_be_written_leaves_a_process_to_count_by_itself(tmp_path, elsewhere, caplog):
    (tmp_path / "metrics").mkdir()
    elsewhere.setattr(counting_folder.os, "access", lambda *_: False)
    with caplog.at_level(logging.WARNING):
        prepare(Settings(metrics_token=TOKEN, var_dir=str(tmp_path)), serving=True)
    assert VARIABLE not in os.environ
    assert "cannot hold counts" in caplog.text


def test_a_command_leaves_no_folder_of_counts_behind(tmp_path):
    told = {"METRICS_TOKEN": TOKEN, "VAR_DIR": str(tmp_path), "DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "policy", "check"],
        cwd=ROOT, env=os.environ | told | {VARIABLE: str(tmp_path / "counts")}, check=False, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_counts_that_cannot_be_written_cost_no_answer_and_are_told_once(settings, monkeypatch, caplog):
    class Refusing:
        def labels(self, *_):
            raise PermissionError("somebody else's file")

    monkeypatch.setattr(counting, "REQUESTS", Refusing())
    measures._tell.cache_clear()
    browser = create_app(replace(settings, metrics_token=TOKEN)).test_client()
    with caplog.at_level(logging.WARNING):
        assert [browser.get("/healthz").status_code for _ in range(3)] == [200] * 3
    assert caplog.text.count("figures are not counted: PermissionError") == 1
