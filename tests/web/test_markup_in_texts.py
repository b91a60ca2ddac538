"""A hundred texts that would like to be markup, in every field that reaches the public or a desk: text they stay (C7)."""

import itertools

import pytest
from bs4 import BeautifulSoup

from server.core.db import db
from server.moderation.deciding import Copy, release
from server.reports.links import read_key
from server.reports.workflow import Act
from tests.moderation.conftest import DEVICE, act, pieces_of, tell  # noqa: F401 - fixtures

TAGS = ("script", "img", "svg", "iframe", "object", "embed", "math", "style", "link", "meta", "base", "form")
HANDLERS = ("onerror", "onload", "onclick", "onfocus", "ontoggle", "onmouseover")
WRAPS = ("{}", "</textarea>{}", '">{}', "'>{}", "</title></style></script>{}", "-->{}", "]]>{}")
SHAPES = (
    "<script>alert({n})</script>", "<ScRiPt src=//x.example/{n}></sCrIpT>", "<img src=x onerror=alert({n})>",
    "<svg/onload=alert({n})>", "<svg><script>alert({n})</script></svg>", "<iframe srcdoc='<script>{n}</script>'>",
    "<details open ontoggle=alert({n})>", "<a href=javascript:alert({n})>x</a>", "<math><mtext></form><form><mglyph>",
    "<body onload=alert({n})>", "<input autofocus onfocus=alert({n})>", "<style>@import'//x.example/{n}'</style>",
    "<meta http-equiv=refresh content=0;url=//x.example/{n}>", "<base href=//x.example/{n}/>", "{{{{7*{n}}}}}{{%x%}}",
)  # fmt: skip
PAYLOADS = [
    wrap.format(shape.format(n=number))
    for number, (shape, wrap) in enumerate(itertools.product(SHAPES, WRAPS), start=1)
]
ODD = "7" * 7


def faults(text):
    """What a browser would run or load of a page that we did not put there."""
    page = BeautifulSoup(text, "html5lib")
    found = [
        str(tag)[:80] for tag in page.find_all("script") if not (tag.get("src") or "").startswith("/static/")
    ]
    for tag in page.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on")]
        for name in ("href", "src", "action", "formaction", "srcdoc", "data"):
            value = str(tag.get(name) or "")
            if value.lower().startswith("javascript") or "x.example" in value or (name == "srcdoc" and value):
                found.append(f"{tag.name} {name}={value[:60]}")
        if tag.name in {"iframe", "object", "embed", "math", "base"} or tag.get("http-equiv"):
            found.append(tag.name)
    return found


def test_there_are_a_hundred_of_them():
    assert len(set(PAYLOADS)) >= 100


@pytest.fixture
def written(world, tell, act, now):  # noqa: F811
    """A report whose every field says the same, released as it is; the number it has."""

    def do(payload):
        report = tell(text=payload, building=payload[:40], unit=payload[:20], where=payload[:80])
        act(report, Act.ASK, "ys.hill.manager", text=payload)
        act(report, Act.ANSWER, text=payload)
        act(report, Act.REPLY, "ys.hill.manager", text=payload)
        act(report, Act.RESOLVE, "ys.hill.manager", text=payload, basis=payload, outcome="partly")
        act(report, Act.RATE, score=1, text=payload, reasons=(payload[:40],))
        bureau = world.actor("ys.bureau")
        for piece in pieces_of(report):
            words = payload if piece.piece == "text" else None
            if words is not None:
                release(report.no, piece.id, Copy(words), version=piece.version, by=bureau, now=now)
            else:
                piece.state, piece.public_text = "released", payload
        db.session.flush()
        return report.no

    return do


def pages(no, code):
    """Every page on which the texts of a report stand, by who looks."""
    return {
        "anybody": (f"/e/{code}", f"/e/{code}/reports", f"/r/{no}?k={read_key(no)}"),
        "owner": (f"/r/{no}", f"/r/{no}/add", "/my", f"/e/{code}/mine"),
        "ys.bureau": (
            f"/b/{no}",
            "/b/",
            "/b/reports",
            "/b/reports?q=x",
            f"/b/review/{no}",
            "/b/review",
            f"/b/{no}/supervise",
        ),
        "ys.hill.manager": (f"/m/{no}", "/m/", "/m/?tab=done", f"/m/{no}/reply"),
    }


HEAVY = [
    pytest.param(payload, marks=[] if number % 8 == 0 else pytest.mark.hostile, id=str(number))
    for number, payload in enumerate(PAYLOADS)
]
"""A fixed sample of every shape runs always, the whole in `make hostile`."""


@pytest.mark.parametrize("payload", HEAVY)
def test_what_is_typed_is_never_markup(client, world, written, payload):
    no, code = written(payload), world.code("ys.hill")
    for who, addresses in pages(no, code).items():
        for name in ("session", "device"):
            client.delete_cookie(name)
        if who == "owner":
            client.set_cookie("device", DEVICE)
        elif who != "anybody":
            world.login(client, who)
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code in {200, 303, 409}, address
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe-inline" not in policy
            assert faults(answer.get_data(as_text=True)) == [], address
