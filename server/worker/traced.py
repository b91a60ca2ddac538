"""Each job runs under the id of the request that wanted it, so that the log leads from one to the other."""

from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext
from procrastinate.worker import Worker

from server.core import reporting, tracing


async def traced(call: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Take the request's id off the job's arguments, and name it and the county in every line the job logs; report its fault."""
    del worker
    given = context.job.task_kwargs
    tracing.begin(str(given.pop(tracing.CARRIED, "")), county=str(given.get("county_id", "")))
    try:
        return await call()
    except Exception as fault:
        reporting.report(fault, place=context.job.task_name)
        raise
