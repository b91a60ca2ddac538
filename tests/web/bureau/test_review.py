import pytest

from server.core.db import db
from server.core.masks import NUMBER
from server.core.paging import encode
from server.moderation.boxes import COLUMNS, ROWS
from server.moderation.showing import copies_of
from server.reports.workflow import Act
from tests.moderation.conftest import act, piece_of, pieces_of, tell  # noqa: F401 - fixtures
from tests.statements import recorded
from tests.web.conftest import filled, read


@pytest.fixture
def desk(client, world):
    """The bureau's browser."""
    return world.login(client, "ys.bureau")


def page_of(desk, report):
    return read(desk.get(f"/b/review/{report.no}"))


def send(desk, report, button, kind="text", **fields):
    """Fill in the form of the first piece of a kind and press a button."""
    action = f"/b/review/{report.no}/{piece_of(report, kind).id}"
    form = page_of(desk, report).find("form", action=action)
    data = dict(filled(form)) | fields | {"act": button}
    return desk.post(action, data=data)


def public(report):
    return copies_of([report.id])[report.id]


def test_the_queue_names_what_waits_and_why_oldest_first(desk, tell):  # noqa: F811
    first, second = tell(photos=2), tell(text="请打13812345678")
    for one in pieces_of(first):
        one.verdict, one.why = "manual", "no_openid"
    piece_of(second).verdict = "risky"
    db.session.flush()
    lines = [line.text for line in read(desk.get("/b/review")).main.find_all("li")]
    assert "照片 2 项" in lines[0]
    assert "不是从小程序提交的" in lines[0]
    assert "建议不公开" in lines[1]
    assert first.no not in lines[0]


def test_the_queue_costs_few_statements_however_long(desk, tell):  # noqa: F811
    tell(photos=1)
    with recorded() as one:
        desk.get("/b/review")
    for _ in range(4):
        tell(photos=1)
    with recorded() as many:
        desk.get("/b/review")
    assert len(many) == len(one)


@pytest.mark.parametrize("values", [["2026-01-01", 1], [1, 2, 3]])
def test_an_odd_cursor_is_refused_in_words(desk, values):
    assert desk.get("/b/review", query_string={"after": encode(values)}).status_code in {200, 422}
    assert desk.get("/b/review", query_string={"after": "x"}).status_code == 422


def test_original_and_copy_stand_side_by_side_with_numbers_masked(desk, tell):  # noqa: F811
    report = tell(text="漏水，请打13812345678")
    page = page_of(desk, report)
    assert page.find(class_="said").text == "漏水，请打13812345678"
    assert page.find("textarea").text.strip() == f"漏水，请打{NUMBER}"


def test_releasing_shows_the_copy_and_goes_back_to_the_queue(desk, tell):  # noqa: F811
    report = tell()
    answer = send(desk, report, "release", text="地下室")
    assert (answer.status_code, answer.location) == (303, "/b/review")
    assert public(report).text == "地下室…"


def test_words_that_are_not_the_authors_come_back_with_the_reason(desk, tell):  # noqa: F811
    report = tell()
    answer = send(desk, report, "release", text="一切都好")
    assert answer.status_code == 422
    assert "只能删减或打码" in read(answer).text
    assert public(report).text == ""


def test_refusing_needs_a_reason_which_the_author_reads(desk, client, tell):  # noqa: F811
    report = tell()
    assert send(desk, report, "refuse").status_code == 422
    assert send(desk, report, "refuse", reason="看得出是谁").status_code == 303
    client.delete_cookie("session")
    client.set_cookie("device", "d" * 43)
    assert "原因：看得出是谁" in read(client.get(f"/r/{report.no}")).text


def test_cells_are_blackened_without_a_script(desk, tell):  # noqa: F811
    report = tell(photos=1)
    form = page_of(desk, report).find("form", attrs={"data-boxes": True})
    assert len(form.find_all("input", attrs={"name": "cell"})) == COLUMNS * ROWS
    send(desk, report, "release", "photo", cell=["1", "48"])
    assert piece_of(report, "photo").boxes == [[0, 0, 1 / 8, 1 / 6], [7 / 8, 5 / 6, 1 / 8, 1 / 6]]


@pytest.mark.parametrize(
    "boxes", ["[[0,0,2,1]]", "{", "[[NaN,0,1,1]]", "[" * 9000, "null", '"x"', "[[1e999,0,1,1]]"]
)
def test_odd_boxes_release_nothing(desk, tell, boxes):  # noqa: F811
    report = tell(photos=1)
    assert send(desk, report, "release", "photo", boxes=boxes).status_code == 422
    assert piece_of(report, "photo").state == "waiting"


@pytest.mark.parametrize("cell", ["0", "49", "-1", "x", "9" * 30])
def test_odd_cells_release_nothing(desk, tell, cell):  # noqa: F811
    report = tell(photos=1)
    assert send(desk, report, "release", "photo", cell=cell).status_code == 422


def test_what_is_clean_goes_out_at_once(desk, tell):  # noqa: F811
    report = tell(photos=1)
    for one in pieces_of(report):
        one.verdict = "manual"
    db.session.flush()
    page = page_of(desk, report)
    form = page.find("form", action=f"/b/review/{report.no}")
    assert "2 项" in form.text
    assert desk.post(f"/b/review/{report.no}", data=dict(filled(form))).status_code == 303
    assert {one.state for one in pieces_of(report)} == {"released"}


def test_a_stale_page_overrules_nobody(desk, tell):  # noqa: F811
    report = tell()
    send(desk, report, "refuse", reason="再看看")
    answer = send(desk, report, "release", version="1")
    assert answer.status_code == 409
    assert "刚刚有人处理过" in read(answer).text


def test_what_the_author_took_back_has_no_buttons(desk, tell, act):  # noqa: F811
    report = tell(photos=1)
    act(report, Act.HIDE)
    page = page_of(desk, report)
    assert "永远不公开" in page.text
    assert not page.main.find_all("button")
    assert report.no not in read(desk.get("/b/review")).text


@pytest.mark.parametrize("who", ["ys.hill.manager", "ys.town", "st.bureau"])
def test_foreign_staff_finds_nothing(client, world, tell, who):  # noqa: F811
    report = tell()
    world.login(client, who)
    assert client.get(f"/b/review/{report.no}").status_code in {403, 404}
