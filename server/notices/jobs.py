"""The job that wakes one push row; it carries numbers only, the row is the ledger."""

from collections.abc import Callable

from server.core import jobs

Deliver = Callable[[int], None]
_deliver: list[Deliver] = []


def plug(deliver: Deliver) -> None:
    """Tell the job how a push row is delivered; the worker does so when it starts."""
    _deliver[:] = [deliver]


@jobs.app.task(name="push", queue="push")
def push(push_id: int, county_id: str) -> None:
    """Deliver one push row if it is due; a row that is done already is left alone."""
    del county_id
    _deliver[0](push_id)
