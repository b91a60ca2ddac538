"""Keys rotate: everything is moved, nothing is missed on the way, and the old key can go."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from server.accounts.models import Person
from server.accounts.roles import STRANGER
from server.app import create_app
from server.confidential.sealing import seal as seal_box
from server.core import rotation
from server.core.counties import Key, open_by
from server.core.crypto import Unreadable, Vault
from server.core.db import Base, db, sqlalchemy_url
from server.core.errors import Invalid
from server.notices.addresses import bind
from server.reports.claims import Claim, claim
from server.reports.filing import Filing, file_report
from server.reports.find_codes import find_code
from server.reports.queries import report_by_no
from server.settings import Settings
from server.wechat import residents
from server.wechat.consents import address_of
from tests.conftest import NOON, ROOT, copy_database
from tests.world import build

OLD, NEW = ("k1", b"a" * 32), ("k2", b"b" * 32)
PHONE, OPENID = "13812345678", "o-somebody"
SEAL = re.compile(r"(vault\.)?[A-Za-z0-9_-]{1,16}\.[0-9a-f]{56,}")


@pytest.fixture
def place(cluster, template, worker_name, tmp_path):
    """An application on a database of its own, that can be started again with other keys."""
    owner, application = copy_database(cluster, template, f"keys_{worker_name}")
    settings = Settings(database_url=application, database_owner_url=owner, var_dir=str(tmp_path))
    made = []

    def start(*keys):
        app = create_app(settings)
        app.extensions["vault"] = Vault(keys, app.extensions["vault"].root)
        made.append(app)
        return app

    yield start, owner
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def fill(app):
    """Something in every sealed column that there is; the number of a report."""
    with app.app_context():
        world = build(NOON)
        filed = file_report(
            world.place("ys.hill"),
            Filing(kind="pipe.leak", text="漏水", phone=PHONE, contact_ok=True),
            key="k" * 32,
            by=world.actor("ys.bureau"),
            now=NOON,
        )
        residents.welcome("wx1", OPENID, residents.MINI, now=NOON)
        person = db.session.get_one(Person, world.people["ys.bureau"].id)
        person.phone_sealed = app.extensions["vault"].seal(PHONE)
        person.totp_sealed = app.extensions["vault"].seal("SECRET")
        bind("371323", person.id, "wecom_app", "zhang", now=NOON)
        db.session.commit()
        db.session.remove()
        return filed.no


def shown(app, no):
    """The code that the reporter sees beside his number."""
    with app.app_context():
        open_by(Key.REPORT, no)
        code = find_code(report_by_no(no))
        db.session.remove()
        return code


def claimed(no, code):
    """The number of what number, phone and code open; None where they do not."""
    try:
        return claim(Claim(no, PHONE, code), by=STRANGER, device_hash="d" * 64, now=NOON)
    except Invalid:
        return None


def found(app, no, code=None):
    """What is found by phone and by openid; with the code that is shown now, or one copied before."""
    code = code or shown(app, no)
    with app.app_context():
        try:
            return (
                claimed(no, code),
                residents.known("wx1", OPENID) is not None,
                address_of("mini_subscribe", OPENID) is not None,
            )
        finally:
            db.session.rollback()
            db.session.remove()


def run(app, *words):
    result = app.test_cli_runner().invoke(args=["keys", *words])
    return result.exit_code, result.output


def test_nothing_is_missed_before_while_and_after_and_the_old_key_can_go(place):
    start, _owner = place
    no = fill(start(OLD))
    both = start(NEW, OLD)
    copied = shown(start(OLD), no)
    assert found(start(OLD, NEW), no) == found(both, no) == found(both, no, copied) == (no, True, True)
    assert shown(both, no) != copied, "the newest is shown"
    code, said = run(both, "status")
    assert (code, "report.phone_sealed：k1 1" in said) == (0, True), said
    code, said = run(both, "rotate")
    assert (code, "report.phone_sealed：换了 1 行" in said) == (0, True), said
    assert found(both, no) == (no, True, True)
    assert "可以从 DATA_KEY 里拿掉的：k1" in run(both, "status")[1]
    assert "report.phone_sealed：换了 0 行" in run(both, "rotate")[1]
    alone = start(NEW)
    assert found(alone, no) == (no, True, True)
    assert found(alone, no, copied) == (None, True, True)
    with alone.app_context():
        again = residents.welcome("wx1", OPENID, residents.MINI, now=NOON)
        assert again == residents.known("wx1", OPENID)
        assert db.session.scalar(text("SELECT count(*) FROM resident")) == 1
        db.session.rollback()


def test_a_login_while_keys_rotate_makes_no_second_resident(place):
    start, _owner = place
    fill(start(OLD))
    with start(NEW, OLD).app_context():
        residents.welcome("wx1", OPENID, residents.MINI, now=NOON)
        assert db.session.scalar(text("SELECT count(*) FROM resident")) == 1
        db.session.rollback()


def test_begun_again_it_goes_on_where_it_stopped(place):
    start, owner = place
    fill(start(OLD))
    both = start(NEW, OLD)
    engine = create_engine(sqlalchemy_url(owner))
    with both.app_context():
        first = rotation.rotate(engine, both.extensions["vault"])
        done = next(first)
        first.close()
        moved = {one.name: one.moved for one in rotation.rotate(engine, both.extensions["vault"])}
    engine.dispose()
    assert (done.moved, moved[done.name]) == (done.moved, 0)
    assert moved["report.phone_sealed"] == 1


def test_what_no_key_opens_is_named_and_the_rest_is_moved(place):
    start, _owner = place
    fill(start(OLD))
    code, said = run(start(NEW), "rotate")
    assert code == 1
    assert re.search(r"report\.phone_sealed 第 \d+ 行（密钥 k1）打不开", said)
    assert "缺少密钥 k1" in run(start(NEW), "status")[1]


def test_confidential_words_that_data_key_opens_move_too(app):
    sealed = seal_box(b"words", None, no="YS1", part="words")
    place = next(one for one in rotation.places() if one.name == "sealed_report.content")
    assert sealed.startswith(place.prefix)
    assert "sealed_event.words" in {one.name for one in rotation.places()}


def test_every_index_beside_a_seal_says_what_it_is_for(app):
    beside = {(one.table.name, one.index.name) for one in rotation.places() if one.index is not None}
    assert beside == rotation.PURPOSES.keys()
    for place in rotation.places():
        assert len(place.table.primary_key.columns) == 1, place.name


def test_whatever_looks_like_a_seal_lies_in_a_column_that_rotates(place):
    start, owner = place
    fill(start(OLD))
    known = {one.name for one in rotation.places()}
    engine = create_engine(sqlalchemy_url(owner))
    with engine.connect() as link:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                rows = link.execute(text(f'SELECT "{column.name}"::text FROM "{table.name}"')).scalars()
                if any(SEAL.fullmatch(value or "") for value in rows):
                    assert f"{table.name}.{column.name}" in known
    engine.dispose()


def test_the_code_seals_only_into_columns_whose_name_says_so():
    """Every call of a vault's `seal` stands where a column ending in `_sealed` is given its value."""
    wrong = []
    for path in sorted((Path(ROOT) / "server").rglob("*.py")):
        source = path.read_text()
        if "seal(" not in source or path.name in {"crypto.py", "sealing.py", "rotation.py"}:
            continue
        for number, line in enumerate(source.splitlines(), start=1):
            if re.search(r"(vault\(\)|safe)\.seal\(", line) and "_sealed" not in line:
                wrong.append(f"{path}:{number}")
    assert wrong == []


@pytest.mark.parametrize("missing", ["k9.00", "k1.00"])
def test_a_seal_of_an_unknown_key_is_unreadable(missing):
    with pytest.raises(Unreadable):
        Vault((NEW,), b"r").open(missing)
