"""What the bureau's pages on places and people share: whose county, what was just done, errors beside their fields."""

from typing import Any

from flask import flash, get_flashed_messages, redirect, render_template
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core.errors import Forbidden, HouseError
from server.core.http import wants_json
from server.web.typed import all_typed

KEEPERS = (Role.BUREAU, Role.ADMIN)
"""Who looks after places and people."""


def county() -> str:
    """The county that the person at the desk works for."""
    found = actor().county_id
    if found is None:
        raise Forbidden("您现在没有岗位。")
    return found


def me() -> int | None:
    """Who is at the desk."""
    return actor().person_id


def page(template: str, **context: Any) -> str:
    """A page with what was just said."""
    said = get_flashed_messages(with_categories=True)
    return render_template(f"bureau/{template}.html", flashes=said, **context)


def back(href: str, words: str = "", tone: str = "ok") -> Response:
    """On to a page, with a sentence on what was done."""
    if words:
        flash(words, tone)
    return redirect(href, code=303)


def refused(error: HouseError, template: str, **context: Any) -> Any:
    """The form again with what is wrong; programs get the error itself."""
    if wants_json():
        raise error
    shown = page(template, errors=error.fields, message=error.message, given=all_typed(), **context)
    return shown, error.status
