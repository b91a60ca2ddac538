"""Threat A10: the ledger leaves with a reason, written down, a few times a day, and leads to nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.audit import Audit
from server.core.db import db
from server.reports.exporting import A_DAY, REASON_MOST
from tests.web.bureau.forms import opened, send, words
from tests.web.conftest import read

PAGE = "/b/reports/export"


def exports():
    """What was written down about exports."""
    return db.session.scalars(select(Audit).where(Audit.act == "ledger.export").order_by(Audit.seq)).all()


@pytest.fixture
def bureau(world, client):
    return world.login(client, "ys.bureau")


def test_an_export_is_written_down_with_its_reason_filter_and_size(world, bureau):
    answer = send(bureau, f"{PAGE}?q=13812345678&state=submitted", reason="月度汇总")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    (row,) = exports()
    assert (row.person_id, row.reason, row.about) == (world.people["ys.bureau"].id, "月度汇总", "ledger")
    assert row.facts == {"rows": "0", "words": "〔号码已隐去〕", "state": "submitted"}


@pytest.mark.parametrize(
    ("reason", "said"), [("", "请写明"), ("   ", "请写明"), ("字" * (REASON_MOST + 1), "太长了")]
)
def test_without_a_fit_reason_nothing_leaves(bureau, reason, said):
    answer = send(bureau, PAGE, reason=reason)
    assert answer.status_code == 422
    assert said in words(read(answer))
    assert exports() == []


def test_beyond_the_days_number_the_answer_is_a_sentence_until_midnight(world, bureau, now):
    for left in range(A_DAY, 0, -1):
        assert f"今天还有{left}次" in words(opened(bureau, PAGE))
        assert send(bureau, PAGE, reason="汇总").status_code == 200
    assert f"最多导出{A_DAY}次" in words(opened(bureau, PAGE))
    page = opened(bureau, "/account")
    token = page.find("input", attrs={"name": "csrf_token"})["value"]
    refused = bureau.post(PAGE, data={"reason": "再来一次", "csrf_token": token})
    assert refused.status_code == 429
    assert f"每人每天最多导出{A_DAY}次" in words(read(refused))
    assert int(refused.headers["Retry-After"]) <= 14 * 3600 + 1
    assert len(exports()) == A_DAY
    with clock.stopped(now + timedelta(hours=11)):
        assert bureau.post(PAGE, data={"reason": "再来一次", "csrf_token": token}).status_code == 429
        colleague = world.login(bureau.application.test_client(), "st.bureau")
        assert send(colleague, PAGE, reason="别的县").status_code == 200
    world.now = now + timedelta(hours=15)
    with clock.stopped(world.now):
        again = world.login(bureau.application.test_client(), "ys.bureau")
        assert send(again, PAGE, reason="第二天").status_code == 200
