"""No page reads what people send past the readers of `server/web/typed.py`; no number of theirs is made elsewhere."""

import ast

import pytest

from tests.conftest import ROOT
from tests.house import reads

ALLOWED = {
    (
        "server/web/bureau/estate_parts.py",
        "kind",
    ): "only counted; what is none of the book's kinds becomes other",
    ("server/web/form_photos.py", "drop"): "only compared with ids that have a photo's shape",
    ("server/web/form_photos.py", "photos"): "each must have the shape of a photo's id",
    ("server/web/manager/disclose.py", "*"): "from_form bounds each field; disclosures.typed judges them",
    ("server/web/resident/report.py", "*"): "report_form.read judges each field by itself",
    ("server/web/resident/photo.py", "v"): "under the link's signature",
    ("server/web/resident/photo.py", "e"): "under the link's signature",
    ("server/web/resident/photo.py", "s"): "the signature, compared",
    ("server/web/resident/track.py", "k"): "the link's key, compared",
    ("server/web/wechat/callback.py", "*"): "under WeChat's signature",
    ("server/web/wechat/news.py", "url"): "signed only for an address of our own",
    ("server/web/wechat/oauth.py", "state"): "compared with the errand in the cookie",
    (
        "server/web/wechat/oauth.py",
        "code",
    ): "WeChat's own, handed back to it; the door has judged the address",
}
"""The places that read otherwise, and why each may."""
MAKERS = {"int", "float", "Decimal", "UUID", "fromisoformat", "strptime"}
COUNTED = {
    ("server/web/typed.py", "int"): "the reader",
    ("server/web/typed.py", "fromisoformat"): "the reader",
    ("server/web/bureau/counts.py", "int"): "MONTH: four digits and two",
    ("server/web/bureau/goal.py", "int"): "MONTH: four digits and two",
    ("server/web/manager/sheet.py", "int"): "NAMED: three digits at most",
    ("server/web/desk/deeds.py", "fromisoformat"): "a ValueError is told beside the field; far days are none",
    ("server/web/desk/beside_clocks.py", "fromisoformat"): "written by us",
    ("server/web/desk/timeline.py", "fromisoformat"): "written by us",
    ("server/web/chartmarks.py", "float"): "of figures",
    ("server/web/chartmarks.py", "int"): "of figures",
    ("server/interop/hotline/cells.py", "int"): "SPELT and RUN: four digits at most",
    ("server/interop/hotline/cells.py", "float"): "SERIAL: five digits and a fraction",
    ("server/interop/hotline/taking.py", "int"): "an area code of ours",
    ("server/wechat/callbacks.py", "int"): "ten digits or so, counted before",
    ("server/wechat/events.py", "int"): "whoever calls takes a ValueError for no event",
    ("server/wechat/values.py", "int"): "DAY and CLOCK: four digits at most",
    ("server/wechat/consents.py", "int"): "of a count",
    ("server/wechat/mini.py", "int"): "an answer of WeChat's",
    ("server/wechat/sdk.py", "int"): "an answer of WeChat's",
    ("server/wechat/wecom.py", "int"): "a setting",
}
"""Where numbers and days are made of text, and what bounds it; `int(x.timestamp())` and the like make none of text."""


def test_every_field_goes_through_a_reader():
    past = [one for one in reads.reads() if (one.file, one.field) not in ALLOWED]
    assert past == [], "read it with a function of server/web/typed.py"


def test_what_is_allowed_is_still_there():
    assert set(ALLOWED) == {(one.file, one.field) for one in reads.reads()}


def made():
    """Every place of the outer rooms that makes a number or a day of something."""
    for room in ("web", "api", "interop", "wechat"):
        for path in sorted((ROOT / "server" / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text())) if "/sandbox/" not in name else ():
                if isinstance(node, ast.Call) and called(node) in MAKERS and not of_time(node):
                    yield name, called(node)


def called(node):
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def of_time(node):
    """Whether the seconds of an instant or a span are rounded."""
    inner = node.args[0] if node.args else None
    return isinstance(inner, ast.Call) and called(inner) in {"timestamp", "total_seconds"}


def test_every_number_is_made_by_the_reader_or_of_what_is_bounded():
    assert set(made()) == set(COUNTED)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('note = request.form.get("note", "")', True),
        ('many = request.form.getlist("posts")', True),
        ('posts = tuple(int(one) for one in request.form.getlist("posts"))', True),
        ("given = dict(request.values)", True),
        ('area = whole(request.args.get("area", ""))', False),
        ('ticked = "history" in request.form', False),
        ('said = SAID.get(request.args.get("done", ""))', False),
        ("form = Form(request.form)", False),
        ('page = after(request.args.get("after"))', False),
    ],
)
def test_the_look_itself_sees_what_it_should(tmp_path, line, found):
    (tmp_path / "view.py").write_text(line)
    assert bool(list(reads.in_file(tmp_path / "view.py", "view.py"))) is found
