"""The jobs that check one piece, and that take in what WeChat pushed; they carry numbers only, the rows are the ledger."""

from collections.abc import Callable

from server.core import jobs

Run = Callable[..., None]
_plugged: dict[str, Run] = {}

ONE_AT_A_TIME = "content_check"
"""A hanging check never holds more than one of a worker's hands, so that no push waits for it."""


def plug(*, check: Callable[[int], None], settle: Callable[[str], None]) -> None:
    """Tell the jobs what to do; the worker does so when it starts."""
    _plugged.update(check=check, settle=settle)


@jobs.app.task(name="check_piece", queue="check", priority=-10, lock=ONE_AT_A_TIME)
def check_piece(piece_id: int, county_id: str) -> None:
    """Ask WeChat about one piece if that is still due."""
    del county_id
    _plugged["check"](piece_id)


@jobs.app.task(name="settle_check", queue="check")
def settle_check(trace_id: str) -> None:
    """Give a piece the result that WeChat pushed about it."""
    _plugged["settle"](trace_id)
