"""A report against the replay of its own statements, and the machine's commits beside it."""

import subprocess
import sys
from collections.abc import Iterator

from bench import recording
from bench.figures import Figure, alternating, at_least, beside, median_of
from bench.ground import Ground, defaults
from bench.servers import CONNECTIONS, load, post_json, serving
from server.launch import ROOT

SHARE = 0.6
A_SECOND = 500


def figures(ground: Ground) -> Iterator[Figure]:
    """The two figures of filing, with what the machine commits at best."""
    path = ground.var / "report.script"
    script = recording.record_report(ground)
    recording.save(script, path)
    requests = [post_json("/api/v1/reports", ground.report(code)) for code in ground.codes]
    env = ground.env | {"BENCH_SCRIPT": str(path)}
    with serving("wsgi:app", ground.env) as ours, serving("bench.limits:app", env) as limit:
        pairs = alternating(lambda: load(ours, requests), lambda: load(limit, requests))
    mine, raw = map(median_of, pairs)
    told = {
        "p50_ms": mine["p50"],
        "p99_ms": mine["p99"],
        "limit_p50_ms": raw["p50"],
        "statements": len(script),
    }
    runs = {"runs": [run["rate"] for run in pairs[0]], "limit_runs": [run["rate"] for run in pairs[1]]}
    told |= runs | {"database": defaults(ground.url)}
    yield at_least(
        "report", mine["rate"], raw["rate"], share=SHARE, unit="requests/s", n=mine["answers"], **told
    )
    yield at_least("report, absolute", mine["rate"], A_SECOND, share=1, unit="requests/s", n=mine["answers"])
    commits = raw_commits(ground)
    yield beside("one-row commits of this machine", commits, "commits/s", CONNECTIONS)


def raw_commits(ground: Ground) -> float:
    """Commits of one small row a second, over as many connections as the client has, in another process."""
    command = [sys.executable, "-m", "bench.commits", ground.owner_url, str(CONNECTIONS)]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
