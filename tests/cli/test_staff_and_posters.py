"""`staff add`, `staff disable`, `qr posters`."""

import pytest
from sqlalchemy import select

from server.accounts.models import Body, Person
from server.accounts.roles import Role
from server.core.db import db
from server.estates.service import add_spot
from tests.estates import scanning


@pytest.fixture
def run(app, now):
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


def add(run, *words, county="371323", username="xinlai"):
    return run("staff", "add", "--county", county, "--name", "新来的人", "--username", username, *words)


def person(username="xinlai"):
    return db.session.scalar(select(Person).where(Person.username == username))


def test_the_first_account_of_a_new_county_gets_a_link_that_works_once(app, run):
    result = add(run)
    assert result.exit_code == 0, result.output
    link = result.output.split()[-1]
    assert link.startswith("http://localhost/invite/")
    page = app.test_client().get(link.removeprefix("http://localhost"))
    assert page.status_code == 200
    assert "新来的人" in page.get_data(as_text=True)
    assert db.session.scalar(select(Body).where(Body.kind == "bureau")).name == "县住建局"


@pytest.mark.parametrize(
    ("words", "body", "role"),
    [
        ((), "ys.bureau", Role.BUREAU),
        (("--role", "admin"), "ys.bureau", Role.ADMIN),
        (("--body", "fire"), "ys.fire", Role.DEPARTMENT),
        (("--body", "测试街道"), "ys.town", Role.TOWNSHIP),
        (("--body", "好邻居物业（青山花园小区）", "--duty", "客服"), "ys.hill", Role.MANAGER),
    ],
)
def test_the_body_and_role_are_found(world, run, words, body, role):
    assert add(run, *words).exit_code == 0
    world.people["new"] = person()
    assert world.actor("new").bodies(role) == {world.bodies[body].id}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--body", "没有这个局"), "没有找到单位"),
        (("--body", "fire", "--role", "admin"), "没有“系统管理员”这种岗位"),
        (("--phone", "12"), "请填手机号"),
    ],
)
def test_what_cannot_be_is_refused_in_words(world, run, words, sentence):
    result = add(run, *words)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert person() is None


def test_a_user_name_is_taken_once(world, run):
    assert add(run).exit_code == 0
    assert "已有人使用" in add(run).stderr


def test_several_bodies_of_one_name_ask_for_the_number(world, run):
    other = Body(
        county_id="371323",
        kind="community",
        name="测试街道",
        parent_id=world.bodies["ys.town"].id,
        created_at=world.now,
    )
    db.session.add(other)
    db.session.commit()
    result = add(run, "--body", "测试街道")
    assert result.exit_code == 2
    assert f"#{other.id}" in result.stderr
    assert add(run, "--body", f"#{other.id}").exit_code == 0


def test_disabling_hands_the_posts_over(world, run):
    result = run("staff", "disable", "ys.hill.manager", "--heir", "ys.lake.manager")
    assert result.exit_code == 0
    assert "1 个岗位" in result.output
    assert world.bodies["ys.hill"].id in world.actor("ys.lake.manager").bodies(Role.MANAGER)
    assert person("ys.hill.manager").disabled_at
    assert run("staff", "disable", "ys.hill.manager").exit_code == 1


def test_posters_of_a_county_are_one_pdf_that_decodes(world, run, tmp_path):
    result = run("qr", "posters", "--county", "371323", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "沂水县海报.pdf"
    texts = {scanning.read(page).text for page in scanning.pdf_pages(file.read_bytes(), dpi=120)}
    assert texts == {f"http://localhost/e/{world.code(name)}" for name in ("ys.hill", "ys.lake", "ys.bare")}


@pytest.mark.parametrize(("kind", "read"), [("png", scanning.png_page), ("svg", scanning.svg_page)])
def test_other_formats_are_one_file_a_code(world, run, tmp_path, kind, read):
    estate = world.estates["ys.hill"]
    add_spot(estate, kind="gate", name="南门", now=world.now)
    db.session.commit()
    words = ("--county", "371323", "--estate", str(estate.id), "--format", kind, "--out", str(tmp_path))
    assert run("qr", "posters", *words).exit_code == 0
    files = sorted(tmp_path.glob(f"*.{kind}"))
    assert len(files) == 2
    assert f"http://localhost/e/{world.code('ys.hill')}" in {
        scanning.read(read(file.read_bytes())).text for file in files
    }


def test_stickers_share_a_sheet(world, run, tmp_path):
    assert run("qr", "posters", "--county", "371323", "--sticker", "--out", str(tmp_path)).exit_code == 0
    (file,) = tmp_path.iterdir()
    assert len(scanning.pdf_pages(file.read_bytes(), dpi=40)) == 1


def test_another_countys_estate_is_not_printed(world, run, tmp_path):
    estate = str(world.estates["st.hill"].id)
    result = run("qr", "posters", "--county", "371323", "--estate", estate, "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()
