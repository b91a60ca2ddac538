"""Every route × every caller × own, near and far things: declared in the table, and so in the code."""

import pytest

from server.core.entry import FRAMEWORK, declared
from tests.security.matrix.table import TABLE
from tests.security.scene import CALLERS

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def routes(app):
    return {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in FRAMEWORK
        for method in rule.methods & METHODS
    }


def test_every_route_stands_in_the_table_and_nothing_else(application):
    assert {row.route for row in TABLE} ^ routes(application) == set()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.route} {row.address}")
def test_the_code_declares_what_the_table_does(application, row):
    assert declared(application, row.endpoint) == row.entry


def filled(value, names):
    if isinstance(value, str):
        return value.format(**names) if "{" in value else value
    if isinstance(value, dict):
        return {key: filled(one, names) for key, one in value.items()}
    return value


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.route} {row.address}")
def test_each_caller_gets_what_is_his_and_no_more(stage, row):
    wrong = []
    for caller in CALLERS:
        for side in row.sides:
            names = stage.scene.names(caller, side)
            sent = {"json": filled(row.json, names)} if row.json is not None else {}
            sent |= {"data": filled(row.form, names)} if row.form else {}
            answer = stage.call(row.method, filled(row.address, names), caller, **sent)
            if answer.status_code not in row.expected(caller, side):
                wrong.append((caller, side, answer.status_code, sorted(row.expected(caller, side))))
    assert wrong == []
