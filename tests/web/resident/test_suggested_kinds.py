import pytest
from sqlalchemy import func, select, text

from server.core.db import Base, db
from server.policy.loader import books
from server.reports.models import Report
from tests.web.conftest import read, submit

ACCUSING = "社区干部收了物业的好处，给他们当保护伞"


@pytest.fixture
def ask(client, world):
    """Ask what words may mean at an estate."""

    def asked(words, estate="ys.hill"):
        return client.post(f"/api/v1/places/{world.code(estate)}/kinds/suggest", json={"words": words})

    return asked


def rows():
    """How much stands in the database, table by table."""
    db.session.flush()
    return {
        name: db.session.scalar(select(func.count()).select_from(text(f'"{name}"')))
        for name in Base.metadata.tables
    }


def test_words_suggest_three_kinds_of_the_county_and_are_kept_nowhere(ask, caplog):
    before = rows()
    found = ask("俺家卫生间顶上往下滴水，楼上漏的").json
    assert [found["kinds"][0][name] for name in ("key", "label", "tile")] == ["pipe.leak", "漏水", "pipe"]
    assert (found["sure"], found["quiet"], len(found["kinds"]) <= 3) == (True, False, True)
    accusing = ask(ACCUSING).json
    assert accusing["quiet"]
    hidden = {key for key, kind in books()["371323"].kinds.items() if kind.confidential}
    assert not hidden & {one["key"] for one in accusing["kinds"]}
    assert ask("你好").json == {"kinds": [], "sure": False, "quiet": False}
    assert rows() == before
    assert not caplog.records


def test_a_book_suggests_its_own_kinds_only(ask):
    throwing = "楼上有人高空抛物，往下扔瓶子"
    assert "clean.throwing" not in {one["key"] for one in ask(throwing).json["kinds"]}


@pytest.mark.parametrize(("body", "status"), [({}, 422), ({"words": "字" * 501}, 422), ({"words": 1}, 422)])
def test_what_is_no_sentence_is_refused(client, world, body, status):
    answer = client.post(f"/api/v1/places/{world.code('ys.hill')}/kinds/suggest", json=body)
    assert answer.status_code == status
    assert client.post("/api/v1/places/000000000000/kinds/suggest", json={"words": "漏水"}).status_code == 404


def test_without_a_script_the_form_comes_back_with_the_suggestions_first(client, world):
    at = f"/e/{world.code('ys.hill')}/report"
    form = read(client.get(at))
    assert not form.find(id="f-suggested")
    again = read(submit(client, form, at=at, text="楼上往俺家漏水，天花板都泡了", tile="lift"))
    offered = again.find(id="f-suggested")
    assert 1 <= len(offered.find_all("input")) <= 3
    assert offered.find_next("fieldset")["id"] == "f-kind"
    assert not [field for field in offered.find_all("input") if field.has_attr("checked")]
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0

    sent = submit(client, again, at=at, suggested="pipe.leak", seen="1")
    assert (sent.status_code, db.session.scalars(select(Report.kind)).one()) == (303, "pipe.leak")


def test_a_tile_goes_before_a_suggestion_and_an_accusation_cannot_be_one(client, world):
    at = f"/e/{world.code('ys.hill')}/report"
    form = read(client.get(at))
    told = submit(client, form, at=at, text=ACCUSING, suggested="accuse.official")
    assert told.status_code == 422
    page = read(told)
    assert page.find("a", href="#accuse")
    assert "accuse.official" not in {
        field.get("value") for field in page.find_all(attrs={"name": "suggested"})
    }
    chosen = {"tile": "pipe", "kind": "pipe.leak", "suggested": "lift.trapped", "seen": "1"}
    assert submit(client, form, at=at, text="漏水", **chosen).status_code == 303
    assert db.session.scalars(select(Report.kind)).one() == "pipe.leak"
