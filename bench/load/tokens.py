"""Sixty-four callers without a token ask for one at the same instant, in two groups of processes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import requests

from bench.figures import Figure
from bench.load.asked import at_least, within
from bench.load.stage import Stage, stage
from server.launch import ROOT

GROUPS, PROCESSES, THREADS, MOST = 2, 4, 8, 2
COLD = 30.0
"""Seconds that a process may take until it is ready to ask."""
ASKED = "/cgi-bin/stable_token"


def figures(*, rate: float | None, seconds: float | None) -> Iterator[Figure]:
    """How often the stand-in was asked for a token, and how many callers came by one."""
    del rate, seconds
    with stage() as here:
        forget(here)
        at = time.time() + COLD
        groups = [group(here, at) for _ in range(GROUPS)]
        told = [line for children in groups for child in children for line in child.communicate()[0].split()]
        calls = requests.get(f"{here.sandbox}/_sandbox/api/calls", timeout=10).json()["items"]
    fetched, wanted = sum(one["path"] == ASKED for one in calls), GROUPS * PROCESSES * THREADS
    late = max((float(line) for line in told), default=0.0)
    yield within("tokens, fetches by cold callers", fetched, MOST, "fetches", wanted, longest_s=late)
    yield at_least("tokens, callers that got one", len(told), wanted, "callers", wanted)


def group(here: Stage, at: float) -> list[subprocess.Popen[str]]:
    """The processes of one machine, in a session of their own."""
    command = [sys.executable, "-m", "bench.load.callers", str(at), str(THREADS)]
    return [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | here.env,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for _ in range(PROCESSES)
    ]


def forget(here: Stage) -> None:
    """No token anywhere, and a new call log."""
    with psycopg.connect(here.owner_url) as link:
        link.execute("DELETE FROM wechat_token")
    requests.delete(f"{here.sandbox}/_sandbox/api/calls", timeout=10).raise_for_status()
