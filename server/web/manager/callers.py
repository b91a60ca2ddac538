"""`/m/callers`: somebody phones; which estate is he calling about?"""

from flask import Blueprint, render_template

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core.entry import entry
from server.estates.sight import estate_codes
from server.web.typed import looked_for

pages = Blueprint("callers", __name__)
CALLED = (Role.COMMUNITY, Role.TOWNSHIP, Role.BUREAU)
"""Roles that write down what a caller says (`report.file_for`)."""
WORDS_MOST = 40
MOST = 50


@pages.get("/m/callers")
@entry(*CALLED)
def callers() -> str:
    """The estates in sight, each leading to its report form for a caller."""
    words = looked_for("q", most=WORDS_MOST)
    found = estate_codes(actor(), words, most=MOST)
    return render_template("manager/callers.html", found=found, words=words, full=len(found) == MOST)
