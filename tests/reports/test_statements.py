"""How many statements a report costs."""

import io

import pytest
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH, MAX_CACHED_STATEMENT_PARAMS

from tests.api.test_reports import file, jpeg
from tests.statements import recorded

MOST = 12
"""With the commit."""


def photo(client):
    return client.post("/api/v1/photos", data={"file": (io.BytesIO(jpeg()), "a.jpg")}).json["id"]


@pytest.mark.parametrize("pictures", [0, 3])
def test_a_report_takes_at_most_twelve_statements_with_its_commit(client, world, pictures):
    photos = [photo(client) for _ in range(pictures)]
    with recorded() as sent:
        answer = file(client, world, photos=photos, phone="13800000000")
    assert answer.status_code == 201
    assert sent.texts[-1] == "COMMIT"
    assert len(sent) <= MOST, "\n".join(sent.texts)


def test_a_repeat_costs_no_more(client, world):
    file(client, world)
    with recorded() as sent:
        assert file(client, world).status_code == 200
    assert len(sent) <= MOST, "\n".join(sent.texts)


def test_the_driver_reads_each_statement_of_a_report_once_a_process_and_not_each_time(client, world):
    """Longer ones, or with more parameters, psycopg takes apart anew at every call: a tenth of what a report costs."""
    with recorded() as sent:
        assert file(client, world).status_code == 201
    for text, given in sent.sent:
        assert len(text.encode()) <= MAX_CACHED_STATEMENT_LENGTH, text
        assert len(given or ()) <= MAX_CACHED_STATEMENT_PARAMS, text
