"""Every form of every page, as everybody who may come: no text breaks it, none is changed on the way."""

import json
import re

import pytest
from sqlalchemy import text as sql

from server.core.db import db
from server.core.text import FORBIDDEN, clean
from tests.hostile.conftest import CALLERS
from tests.hostile.crawl import endpoint_of, filled, forms_of, walk
from tests.hostile.tables import FORMULAS, TEXTS, URLS, XSS
from tests.savepoint import undone

TYPED = {
    "text",
    "textarea",
    "search",
    "tel",
    "number",
    "password",
    "date",
    "month",
    "select",
    "hidden",
    "radio",
    "checkbox",
    "email",
    "url",
}
LEFT = {"csrf_token"}
OWN = re.compile(r"(?:https?://localhost)?/(?![/\\])")
MARK = "QUOX7"
LIST = "lines"
"""The field in which each line is an entry of its own: an estate's buildings."""
CHOSEN = {"hidden", "select", "radio", "checkbox", "number"}
"""Fields in which nobody types; they get fewer words, and numbers."""
NUMBERS = [
    "-1",
    "0",
    "1.9",
    "NaN",
    "1e400",
    str(2**63),
    "9" * 400,
    "9" * 5000,
    "１２",
    "+1",
    "1_0",
    "0x10",
    "²",
    " 7 ",
    "null",
    "[]",
    "true",
]
SAMPLE = [
    "a\0b",
    "\x1b[31m",
    "\ufffd",
    "a\u202eb",
    "' OR 1=1 --",
    str(2**63),
    "<script>alert(1)</script>",
    "//evil.example",
]

CHOICES = [*NUMBERS, *SAMPLE]
FEW = [*SAMPLE[:3], "9" * 5000]


def columns():
    """Every column that holds words."""
    rows = db.session.execute(
        sql(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'jsonb')"
        )
    )
    return [(table, column) for table, column in rows if table != "alembic_version"]


def stored_with(mark, known):
    """Every stored text with the mark in it."""
    parts = [
        f'SELECT "{column}"::text FROM "{table}" WHERE position(:mark in "{column}"::text) > 0'
        for table, column in known
    ]
    return [row[0] for row in db.session.execute(sql(" UNION ALL ".join(parts)), {"mark": mark})]


def gathered(app, client, starts):
    """The forms that somebody meets, each kind once."""
    found = {}
    for path, page in walk(app, client, starts):
        for form in forms_of(path, page):
            route = endpoint_of(app, form.action) or form.action
            found.setdefault((route, form.shape), form)
    return [
        form for (route, _), form in found.items() if "log_out" not in str(route) and form.action != "/logout"
    ]


def check_kept(value, known, *, listed=False):
    """What was stored of a marked text is the text, cleaned; in one line where lines are joined.

    Where each line is an entry of its own (`listed`), the marked line is.
    """
    try:
        wanted = clean(MARK + value)
    except ValueError:
        assert stored_with(MARK, known) == [], ascii(value)
        return
    allowed = {wanted, " ".join(wanted.split()), "".join(wanted.split())}
    allowed |= {wanted.splitlines()[0]} if listed else set()
    for text in stored_with(MARK, known):
        said = json.loads(text) if text[:1] in "[{" else text
        shown = text if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        escaped = {json.dumps(one, ensure_ascii=False)[1:-1] for one in allowed}
        assert any(one in shown for one in allowed | escaped | {one.lower() for one in allowed}), (
            ascii(value),
            ascii(text),
        )
        assert not FORBIDDEN.search(text), ascii(text)


def attack(client, form, values, known):
    """One field after the other with every value; how many were sent."""
    sent = 0
    for name in dict.fromkeys(name for name, kind, _ in form.fields if kind in TYPED and name not in LEFT):
        kind = next(kind for one, kind, _ in form.fields if one == name)
        for value in values if kind not in CHOSEN or len(values) < len(TEXTS) else CHOICES:
            if any("\ud800" <= one <= "\udfff" for one in value):
                continue  # no browser can write half a character
            with undone(db.engines[None]):
                data = filled(form, {name: MARK + value if len(value) < 200 else value})
                if form.method == "get":
                    answer = client.get(form.action.split("?")[0], query_string=data)
                else:
                    answer = client.post(form.action, data=data)
                sent += 1
                where = (form.page, form.action, name, ascii(value))
                assert answer.status_code < 500, where
                if answer.status_code < 400 and form.method == "post":
                    check_kept(value, known, listed=name == LIST)
                location = answer.headers.get("Location", "/")
                assert OWN.match(location), (where, location)
    return sent


@pytest.fixture
def every_form(app, furnish, browser, starts):
    """Makes somebody go over all forms that he meets; how many those are, and how many were sent."""

    def go(who, values):
        client, known = browser(who), columns()
        forms = gathered(app, client, starts(furnish()))
        assert len(forms) >= 3, [form.action for form in forms]
        return len(forms), sum(attack(client, form, values, known) for form in forms)

    return go


@pytest.mark.parametrize("who", ["owner", "ys.hill.manager", "ys.bureau"])
def test_a_sample_of_hostile_words_breaks_no_form(every_form, who):
    assert every_form(who, FEW)[1] > 20


@pytest.mark.hostile
@pytest.mark.parametrize("who", CALLERS)
def test_no_hostile_word_breaks_any_form(every_form, who):
    values = [*(text for text, _ in TEXTS), *NUMBERS, *SAMPLE, *XSS[::5], *FORMULAS[::5], *URLS[::5]]
    forms, sent = every_form(who, values)
    print(json.dumps({"caller": who, "forms": forms, "sent": sent}))
