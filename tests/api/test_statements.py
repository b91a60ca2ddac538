"""How many statements a list costs, whatever its length, with the look-up of who asks."""

import pytest

from tests.api.test_reports import file
from tests.statements import recorded

MOST = 4
REPORTS = 6


def filed(client, world):
    for number in range(REPORTS):
        assert file(client, world, headers={"Idempotency-Key": f"{number}" * 32}).status_code == 201


@pytest.mark.parametrize("path", ["reports?limit=", "reports?tab=new&limit=", "feed?limit="])
@pytest.mark.parametrize("limit", [1, 5, 100])
def test_a_list_takes_at_most_four_statements_at_any_page_size(client, world, path, limit):
    filed(client, world)
    headers = world.bearer("ys.bureau")
    with recorded() as sent:
        answer = client.get(f"/api/v1/{path}{limit}", headers=headers)
    assert answer.status_code == 200
    reading = [text for text in sent.texts if text != "COMMIT"]
    assert len(reading) <= MOST, "\n".join(reading)
