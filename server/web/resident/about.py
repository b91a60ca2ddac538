"""`/help` and `/privacy`: how it works, and who sees what, in a minute's reading."""

from flask import Blueprint, render_template

from server.accounts.forgetting import KEPT
from server.core.entry import PUBLIC, entry
from server.policy.loader import books
from server.web.pictures import shown

blueprint = Blueprint("resident_about", __name__)


@blueprint.get("/help")
@entry(PUBLIC)
def help_page() -> str:
    """The resident's help, step by step."""
    return render_template("resident/help.html", picture=shown)


@blueprint.get("/privacy")
@entry(PUBLIC)
def privacy() -> str:
    """What is kept, who sees it, for how long."""
    days = max(book.limits.contact_days for book in books().values())
    return render_template("resident/privacy.html", days=days, login_days=KEPT.days)
