"""`/help` and `/privacy`: how it works, and who sees what, in a minute's reading."""

from pathlib import Path

from flask import Blueprint, current_app, render_template

from server.core.entry import PUBLIC, entry

blueprint = Blueprint("resident_about", __name__)
PICTURES = "pictures"
"""Folder of the static files that a script fills with screenshots."""


def pictures() -> frozenset[str]:
    """The names of the screenshots that are there."""
    folder = Path(current_app.static_folder or "") / PICTURES
    return frozenset(path.name for path in folder.glob("resident-*.png"))


@blueprint.get("/help")
@entry(PUBLIC)
def help_page() -> str:
    """The resident's help, step by step."""
    return render_template("resident/help.html", pictures=pictures())


@blueprint.get("/privacy")
@entry(PUBLIC)
def privacy() -> str:
    """What is kept, who sees it, for how long."""
    return render_template("resident/privacy.html")
