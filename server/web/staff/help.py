"""`/help/manager`, `/help/bureau`: how to work with this, in a few steps with pictures."""

from flask import Blueprint, render_template

from server.core.entry import PUBLIC, entry
from server.web.pictures import shown

pages = Blueprint("staff_help", __name__)


@pages.get("/help/manager")
@entry(PUBLIC)
def manager() -> str:
    """For whoever deals with reports."""
    return render_template("help/manager.html", picture=shown)


@pages.get("/help/bureau")
@entry(PUBLIC)
def bureau() -> str:
    """For whoever looks after an area."""
    return render_template("help/bureau.html", picture=shown)
