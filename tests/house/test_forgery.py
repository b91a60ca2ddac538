"""Every form route there is refuses a request without its token, and every page carries the house's headers."""

import pytest
from werkzeug.routing.converters import NumberConverter

from server.core.csrf import UNSAFE
from server.core.headers import policy
from tests.web.staff.conftest import page_of

BY_ANOTHER_PROOF = {"wechat_callback.receive"}
"""WeChat signs its pushes; it has no cookie of ours."""


def address(rule):
    """Some address that fits a rule; what it names need not exist."""
    kinds = rule._converters.items()
    return rule.build({name: 1 if isinstance(kind, NumberConverter) else "x" for name, kind in kinds})[1]


def unsafe(app):
    """Method and address of every route that takes cookies and changes something."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") or rule.rule.startswith("/_sandbox/"):
            continue
        for method in sorted(rule.methods & UNSAFE):
            yield method, rule.endpoint, address(rule)


def test_only_what_proves_itself_otherwise_is_exempt(application):
    exempt = {name for name in application.extensions["no_csrf"] if not name.startswith("sandbox")}
    assert exempt == BY_ANOTHER_PROOF


@pytest.mark.parametrize("name", [None, "ys.bureau"])
def test_no_unsafe_cookie_route_takes_a_request_without_its_token(application, world, client, name):
    if name:
        world.login(client, name)
    tried, wrong = 0, []
    for method, endpoint, where in unsafe(application):
        if endpoint in BY_ANOTHER_PROOF:
            continue
        tried += 1
        answer = client.open(where, method=method, data={"csrf_token": "forged"})
        if answer.status_code != 400:
            wrong.append((method, endpoint, where, answer.status_code))
    assert wrong == []
    assert tried > 40


def test_a_right_token_from_a_foreign_site_is_refused_too(application, world, client):
    world.login(client, "ys.bureau")
    token = page_of(client, "/account").find("input", attrs={"name": "csrf_token"})["value"]
    for method, endpoint, where in unsafe(application):
        if endpoint not in BY_ANOTHER_PROOF:
            answer = client.open(
                where, method=method, data={"csrf_token": token}, headers={"Origin": "https://evil.example"}
            )
            assert answer.status_code == 400, (endpoint, answer.status_code)


def test_every_answer_carries_the_headers(application, world, client):
    world.login(client, "ys.bureau")
    for rule in application.url_map.iter_rules():
        if "GET" not in rule.methods or rule.rule.startswith("/_sandbox/"):
            continue
        headers = client.get(address(rule)).headers
        assert headers["X-Content-Type-Options"] == "nosniff", rule
        assert headers["X-Frame-Options"] == "DENY", rule
        assert headers["Referrer-Policy"], rule
        scripts = headers["Content-Security-Policy"]
        assert "script-src 'self'" in scripts, rule
        assert "'unsafe-inline'" not in scripts.split("style-src")[0], rule
        assert "frame-ancestors 'none'" in scripts, rule
    assert "unsafe" not in policy()
