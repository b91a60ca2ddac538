"""What the machine does meanwhile: memory of each process of ours, and how much of the machine others take."""

import statistics
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen

import psutil

EVERY = 10.0
KILOBYTE, MEGABYTE = 1024, 1024 * 1024
SINK = "sandbox"


class Watch:
    """Samples every ten seconds: RSS and PSS in MB by process, and the machine's load."""

    def __init__(self, children: Mapping[str, Popen[bytes]], var: Path) -> None:
        self.children, self.var = children, str(var)
        self.rss: dict[str, list[float]] = defaultdict(list)
        self.pss: dict[str, list[float]] = defaultdict(list)
        self.others: list[float] = []
        self.done = threading.Event()
        self.spent: dict[int, float] = {}

    def processes(self) -> Iterator[tuple[str, psutil.Process]]:
        """The product's processes with their names; the sandbox is not the product."""
        for name, child in self.children.items():
            if name == SINK:
                continue
            with suppress(psutil.Error):
                top = psutil.Process(child.pid)
                family = [top, *top.children(recursive=True)]
                for number, one in enumerate(sorted(family, key=lambda found: found.pid)):
                    yield (f"{name}.{number}" if len(family) > 1 else name), one

    def run(self) -> None:
        """Sample until told to stop."""
        total, busy, _ = self.work()
        while not self.done.wait(EVERY):
            for name, one in self.processes():
                with suppress(psutil.Error, OSError):
                    self.rss[name].append(one.memory_info().rss / MEGABYTE)
                    self.pss[name].append(pss(one.pid) / KILOBYTE)
            before = (total, busy)
            total, busy, ours = self.work()
            if total > before[0]:
                self.others.append(max(0.0, (busy - before[1] - ours) / (total - before[0])))

    def work(self) -> tuple[float, float, float]:
        """Seconds of all cores since the machine started, those they were busy, and those of ours since last asked."""
        times = psutil.cpu_times()
        total, ours = sum(times), 0.0
        for one in psutil.process_iter(["pid", "cpu_times"]):
            if one.info["cpu_times"] is None or not self.mine(one):
                continue
            used = one.info["cpu_times"].user + one.info["cpu_times"].system
            ours += used - self.spent.get(one.pid, 0.0)
            self.spent[one.pid] = used
        return total, total - times.idle - times.iowait, ours

    def mine(self, one: psutil.Process) -> bool:
        """Whether a process belongs to this run, the database's and the client's own among them."""
        roots = {child.pid for child in self.children.values()} | {psutil.Process().pid}
        with suppress(psutil.Error):
            if one.pid in roots or roots & {parent.pid for parent in one.parents()}:
                return True
            return one.name() == "postgres" and one.cwd().startswith(self.var)
        return False

    def told(self) -> dict[str, object]:
        """What stands beside a figure."""
        most = {name: round(max(values)) for name, values in self.rss.items() if values}
        share = round(statistics.mean(self.others), 2) if self.others else None
        return {"rss_mb": most, "others_share_of_cpu": share}


def pss(pid: int) -> int:
    """The proportional set size of a process in kB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


@contextmanager
def watching(children: Mapping[str, Popen[bytes]], var: Path) -> Iterator[Watch]:
    """Watch for as long as the block lasts."""
    watch = Watch(children, var)
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.done.set()
        thread.join(EVERY)


def growth(values: list[float], *, warm_up: float, window: float) -> float:
    """The share by which the last samples lie above the first after the warm-up; both shares are of the whole."""
    span = max(1, int(len(values) * window))
    start = int(len(values) * warm_up)
    first, last = values[start : start + span], values[-span:]
    return statistics.median(last) / statistics.median(first) - 1 if first else 0.0
