"""What the tracking page says of an answer that is no plain "solved": basis, next step, who acts for the owners."""

from urllib.parse import urlsplit

import pytest

from server.core.db import db
from server.reports.links import track_url
from server.reports.workflow import Act
from tests.reports.beside import do, filed
from tests.web.conftest import read

LAW = "《民法典》第二百七十八条，须业主共同决定"


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ({"outcome": "not_solvable", "basis": LAW}, ("不能解决", "12345")),
        (
            {"outcome": "needs_fund", "text": "屋面大修要用维修资金"},
            ("需要动用维修资金", "维修资金", "由测试社区代行"),
        ),
        ({"outcome": "needs_vote", "text": "改建须业主表决"}, ("需要业主共同决定", "表决", "由测试社区代行")),
    ],
)
def test_the_ending_is_explained_with_its_next_step(world, client, deed, words):
    world.estates["ys.hill"].has_committee = False
    db.session.commit()
    report = filed(world, "ys.hill", "repair.road")
    do(world, report, Act.RESOLVE, "ys.hill.manager", **deed)
    link = urlsplit(track_url(report.no))
    page = read(client.get(f"{link.path}?{link.query}"))
    text = page.find("main").text
    assert [word for word in words if word not in text] == []
    assert LAW not in text, "the basis is the reporter's own to read"
