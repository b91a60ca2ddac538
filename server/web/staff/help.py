"""`/help/manager`, `/help/community`, `/help/department`, `/help/bureau`: how to work with this, in a few steps."""

from flask import Blueprint, render_template

from server.core.entry import PUBLIC, entry
from server.web.pictures import shown

pages = Blueprint("staff_help", __name__)


@pages.get("/help/manager")
@entry(PUBLIC)
def manager() -> str:
    """For whoever deals with reports."""
    return render_template("help/manager.html", picture=shown)


@pages.get("/help/community")
@entry(PUBLIC)
def community() -> str:
    """For communities and townships, who act and watch."""
    return render_template("help/community.html", picture=shown)


@pages.get("/help/department")
@entry(PUBLIC)
def department() -> str:
    """For departments, utilities and courts, who are called in."""
    return render_template("help/department.html", picture=shown)


@pages.get("/help/bureau")
@entry(PUBLIC)
def bureau() -> str:
    """For whoever looks after an area."""
    return render_template("help/bureau.html", picture=shown)
