"""`/m/<no>`: one report, and everything that its handler can do to it."""

from flask import Blueprint

from server.core.entry import entry, takes_files
from server.web.desk.doing import Answer, act_page, do_act, report_page
from server.web.form_photos import BYTES_MOST
from server.web.navigation import HANDLING

pages = Blueprint("handled", __name__)
BASE = "/m/"


@pages.get("/m/<no:no>")
@entry(*HANDLING)
def show(no: str) -> str:
    """The report whole."""
    return report_page(no, base=BASE)


@pages.get("/m/<no:no>/<act>")
@entry(*HANDLING)
def form(no: str, act: str) -> Answer:
    """The form of one act."""
    return act_page(no, act, base=BASE)


@pages.post("/m/<no:no>/<act>")
@entry(*HANDLING)
@takes_files(most=BYTES_MOST)
def do(no: str, act: str) -> Answer:
    """Take an act."""
    return do_act(no, act, base=BASE)
