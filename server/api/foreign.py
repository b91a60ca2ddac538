"""A page or call that does not exist for whoever of the staff asks: the audit tells where it exists all the same."""

from flask import Flask, request

from server.accounts.guards import actor
from server.core import clock, http
from server.core.away import AWAY, undo
from server.core.errors import HouseError
from server.reports.foreign import note_foreign

NAMED = frozenset({"no", "estate_id"})
"""The parts of addresses that name a thing which may be somebody else's."""
READING = frozenset({"GET", "HEAD"})


def install(app: Flask) -> None:
    """Look at everything that is not found."""
    http.heed(app, "not_found", tell)


def tell(error: HouseError) -> HouseError:
    """The refusal as it is, written down or not; residents and strangers leave no trace."""
    named = request.view_args or {}
    if NAMED & named.keys():
        try:
            _note(named)
        except AWAY:  # the answer matters more
            undo()
    return error


def _note(named: dict[str, object]) -> None:
    asking = actor()
    if not asking.is_staff:
        return
    if note_foreign(asking, named, reading=request.method in READING, now=clock.now()):
        http.commit_now()
    else:
        undo()
