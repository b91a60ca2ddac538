"""A call that came too late is refused with the new state, and the report's history tells of it."""

from flask import Flask

from server.core import http
from server.core.errors import HouseError
from server.reports.missed import Stale, write_missed


def install(app: Flask) -> None:
    """Look at every refusal of an act that another was faster than."""
    http.heed(app, "stale", tell)


def tell(error: HouseError) -> HouseError:
    """The refusal as it is; what was attempted is written down after the undoing."""
    if isinstance(error, Stale) and error.attempt:
        write_missed(error.attempt)
        http.commit_now()
    return error
