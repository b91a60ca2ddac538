"""The served OpenAPI document is the committed one, and the calls keep to it whatever is thrown at them."""

import json
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from server.core.db import db
from tests.savepoint import undone

COMMITTED = Path(__file__).parent.parent.parent / "docs" / "openapi.json"
schemathesis.checks.load_all_checks()
NOT_JUDGED = [schemathesis.checks.CHECKS.get_one("positive_data_acceptance")]
"""A body of the right shape may still name a kind, a photo or a phone that does not exist: 422."""
WHO = ("nobody", "ys.hill.manager", "ys.bureau")


def test_the_served_description_is_the_committed_one(client):
    served = client.get("/api/v1/openapi.json").json
    assert served == json.loads(COMMITTED.read_text()), "run: python -m tests.api.describe"


@pytest.fixture
def description(app, client):
    """The description, tied to the application."""
    client.get("/healthz")
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.fixture
def hammer_all(app, description, client, world):
    """Throws so many generated cases at every call, as somebody."""

    def go(who, most):
        headers = {} if who == "nobody" else world.bearer(who)
        db.session.commit()
        for operation in description.get_all_operations():
            hammer(app, operation.ok(), headers | {"Idempotency-Key": "k" * 32}, most)

    return go


@pytest.mark.parametrize("who", WHO)
def test_every_call_keeps_to_its_description(hammer_all, who):
    hammer_all(who, 10)


@pytest.mark.hostile
@pytest.mark.parametrize("who", WHO)
def test_every_call_keeps_to_its_description_for_long(hammer_all, who):
    hammer_all(who, 100)


def hammer(app, operation, headers, most):
    """Throw generated cases at one call; schemathesis judges each answer."""

    @settings(
        max_examples=most,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def one(case):
        with undone(db.engines[None]), app.app_context():
            case.call_and_validate(headers=headers, excluded_checks=NOT_JUDGED)

    one()
