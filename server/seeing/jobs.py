"""The job that tells the operators' group; it carries nothing, what to say stands in the table of alarms."""

from collections.abc import Callable

from server.core import jobs

Say = Callable[[], None]
_plugged: list[Say] = []
ONE_AT_A_TIME = "say_alarms"


def plug(say: Say) -> None:
    """Tell the job how the group is told; the worker does so when it starts."""
    _plugged[:] = [say]


@jobs.app.task(name="say_alarms", queue="alarm", priority=20, lock=ONE_AT_A_TIME)
def say_alarms() -> None:
    """Tell the group what it does not know yet."""
    _plugged[0]()
