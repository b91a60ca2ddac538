"""`/b/<no>`: one report, for whoever looks after the area it lies in."""

from flask import Blueprint

from server.core.entry import entry, takes_files
from server.web.desk.doing import Answer, act_page, do_act, report_page
from server.web.form_photos import BYTES_MOST
from server.web.navigation import WATCHING

pages = Blueprint("watched", __name__)
BASE = "/b/"


@pages.get("/b/<no:no>")
@entry(*WATCHING)
def show(no: str) -> str:
    """The report whole."""
    return report_page(no, base=BASE)


@pages.get("/b/<no:no>/<act>")
@entry(*WATCHING)
def form(no: str, act: str) -> Answer:
    """The form of one act."""
    return act_page(no, act, base=BASE)


@pages.post("/b/<no:no>/<act>")
@entry(*WATCHING)
@takes_files(most=BYTES_MOST)
def do(no: str, act: str) -> Answer:
    """Take an act."""
    return do_act(no, act, base=BASE)
