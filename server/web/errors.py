"""The page for people when something does not work: what happened, and what to do now."""

from flask import render_template, request

from server.core.errors import HouseError

HELPLINE = "12345"
"""The government service line; the same in the whole country."""


def error_page(error: HouseError) -> str:
    """What happened in plain words, with a way on; the same page for every unknown or revoked code."""
    return render_template(
        "shared/error.html",
        error=error,
        lost_code=error.code == "unknown_code",
        login=request.full_path.rstrip("?") if error.status == 401 else "",  # noqa: PLR2004 - who are you?
        helpline=HELPLINE,
        calls=[one for one in error.more.get("calls", ()) if one["phone"] != HELPLINE],
    )
