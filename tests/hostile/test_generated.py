"""Twenty thousand requests made from the description by a fixed seed, as five callers: none answers 5xx."""

import json
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings

from server.core.db import db
from server.core.tokens import new_token
from tests.savepoint import undone

CALLERS = ("nobody", "owner", "ys.hill.manager", "ys.community", "ys.bureau")
SEED, CASES, SAMPLE = 20261121, 20_000, 300


@pytest.fixture
def description(app, client):
    """The description, tied to the application."""
    client.get("/healthz")
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def throw(operation, headers, most, answers):
    """Send so many generated cases to one call, each undone afterwards."""

    @seed(SEED)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
        | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    )
    def one(case):
        with undone(db.engines[None]):
            answer = case.call(headers=headers | {"Idempotency-Key": new_token()})
        answers[answer.status_code] += 1
        assert answer.status_code < 500 or answer.status_code == 503, (case, answer.text[:300])

    one()


def throw_all(description, world, who, cases):
    """All calls as one caller; how often each status came."""
    headers = {"nobody": {}, "owner": {"Authorization": f"Bearer {new_token()}"}}.get(who) or (
        {} if who == "nobody" else world.bearer(who)
    )
    db.session.commit()
    operations, answers = [one.ok() for one in description.get_all_operations()], Counter()
    for operation in operations:
        throw(operation, headers, -(-cases // len(operations)), answers)
    return answers


@pytest.mark.parametrize("who", ["nobody", "ys.bureau"])
def test_a_sample_of_generated_requests_breaks_nothing(description, world, who):
    assert sum(throw_all(description, world, who, SAMPLE).values()) >= SAMPLE // 2


@pytest.mark.hostile
@pytest.mark.parametrize("who", CALLERS)
def test_generated_requests_break_nothing(description, world, who):
    answers = throw_all(description, world, who, CASES * 5 // 4 // len(CALLERS))
    assert sum(answers.values()) >= CASES // len(CALLERS)
    print(json.dumps({"caller": who, "requests": sum(answers.values()), "answers": dict(answers)}))
