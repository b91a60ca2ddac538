"""The job that wakes push rows; it carries numbers only, the rows are the ledger."""

from collections.abc import Callable, Sequence

from server.core import jobs

Deliver = Callable[[int], None]
Wake = Callable[[Sequence[int], str], None]
_plugged: list[tuple[Deliver, Wake]] = []


def plug(deliver: Deliver, wake: Wake) -> None:
    """Tell the job how a push row is delivered and how others get jobs; the worker does so when it starts."""
    _plugged[:] = [(deliver, wake)]


@jobs.app.task(name="push", queue="push")
def push(county_id: str, push_ids: Sequence[int] = (), push_id: int | None = None) -> None:
    """Deliver the first push row if it is due, after giving each of the others a job of its own.

    So one job is enough for whoever writes the rows, and a hanging address holds up nobody else. A row that is
    done already is left alone.
    """
    deliver, wake = _plugged[0]
    first, *others = [push_id] if push_id is not None else push_ids
    if others:
        wake(others, county_id)
    deliver(first)
