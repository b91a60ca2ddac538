"""How many one-row transactions the machine commits: `python -m bench.commits URL CONNECTIONS`."""

import statistics
import sys
import threading
import time

import psycopg

from bench.figures import RUNS, SECONDS

TABLE = "CREATE TABLE IF NOT EXISTS bench_commit (id bigint GENERATED ALWAYS AS IDENTITY, words text)"


def work(url: str, until: float, done: list[int]) -> None:
    """Insert and commit on one connection until the time is up."""
    count = 0
    with psycopg.connect(url, autocommit=True) as link:
        while time.perf_counter() < until:
            link.execute("INSERT INTO bench_commit (words) VALUES ('a row')")
            count += 1
    done.append(count)


def rate(url: str, connections: int, seconds: float) -> float:
    """Commits a second over so many connections."""
    done: list[int] = []
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=work, args=(url, until, done)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


if __name__ == "__main__":
    with psycopg.connect(sys.argv[1], autocommit=True) as made:
        made.execute(TABLE)
    print(statistics.median(rate(sys.argv[1], int(sys.argv[2]), SECONDS) for _ in range(RUNS)))
