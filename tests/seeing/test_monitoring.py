"""What is ready-made for Grafana and Prometheus names only figures that we export, and what we export is used."""

import json
import re

import pytest
import yaml

from server.core import clock, measures
from server.core.db import db
from server.core.health import MIGRATIONS
from server.seeing import gauges
from server.upkeep.models import CheckRun

FOLDER = MIGRATIONS.parent / "docs" / "operations" / "monitoring"
NAME = re.compile(r"\bmashangban_[a-z_]+\b")
RULES, BOARD = FOLDER / "alerts.yml", FOLDER / "dashboard.json"


def expressions(path):
    """Every expression in a file."""
    if path is RULES:
        groups = yaml.safe_load(path.read_text())["groups"]
        return [rule["expr"] for group in groups for rule in group["rules"]]
    return [target["expr"] for panel in json.loads(path.read_text())["panels"] for target in panel["targets"]]


@pytest.fixture
def exported(app, world):
    """The names of everything that a scrape may hold: of counts, and of gauges."""
    run = {"whole": True, "report_id": 0, "event_id": 0, "repaired": 1, "lost": 0, "found": {}, "took_ms": 1}
    db.session.add(CheckRun(at=world.now, **run))
    db.session.commit()
    counts = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    found = {one.name + end for one in measures.OWN.collect() for end in counts[one.type]}
    state = gauges.State(app.extensions["settings"], now=clock.now()).collect()
    return found | {one.name for one in state}


@pytest.mark.parametrize("path", [RULES, BOARD], ids=lambda path: path.name)
def test_each_named_figure_is_one_that_we_export_and_every_expression_is_balanced(exported, path):
    told = expressions(path)
    assert set(NAME.findall(" ".join(told))) - exported == set()
    assert all(NAME.search(one) or "up{" in one for one in told)
    assert all(one.count("(") == one.count(")") and one.count("{") == one.count("}") for one in told)


def test_every_family_has_its_place_on_the_board(exported):
    shown = set(NAME.findall(BOARD.read_text() + RULES.read_text()))
    ends = ("_sum", "_count")
    assert {one for one in exported - shown if not one.endswith(ends)} == set()


def test_each_alert_says_what_to_do_and_there_is_an_end_to_it():
    for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]:
        assert rule["annotations"].keys() == {"summary", "action"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
