"""Take in one picture from standard input; prints what became of it, CPU seconds, and megabytes beyond the start."""

import json
import resource
import sys
import warnings
from pathlib import Path

from server.core.errors import HouseError
from server.photos.intake import take_in


def peak() -> float:
    """The most memory this program has held, in megabytes; `ru_maxrss` would remember who started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def spent() -> float:
    """Seconds of CPU so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """One JSON object: `taken` with the stored files in hex, or the sentence of the refusal."""
    warnings.simplefilter("error")
    data = sys.stdin.buffer.read()
    memory, began = peak(), spent()
    try:
        taken = take_in(data)
        said = {"taken": [taken.full.hex(), taken.thumb.hex()]}
    except HouseError as refused:
        said = {"refused": refused.message}
    print(json.dumps(said | {"seconds": spent() - began, "megabytes": peak() - memory}))


if __name__ == "__main__":
    main()
