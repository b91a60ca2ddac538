"""`python -m bench.load NAME … [--minutes M | --seconds S] [--rate R]`; exit code 1 when a figure is not reached."""

import argparse
import sys
from collections.abc import Callable, Iterator

from bench.figures import Figure, table
from bench.load import keys, pictures, soak, steady, tokens

LOADS: dict[str, Callable[..., Iterator[Figure]]] = {
    "steady": steady.steady,
    "burst": steady.burst,
    "push": steady.healthy,
    "photos": pictures.figures,
    "tokens": tokens.figures,
    "keys": keys.figures,
    "soak": soak.figures,
}


def main(arguments: list[str]) -> int:
    """Put the loads named, or all of them, on a product started for each."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(LOADS))
    parser.add_argument("--minutes", type=float, help="how long, instead of what is asked")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rate", type=float, help="how many a second, instead of what is asked")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(LOADS):
        parser.error(f"no load is called {', '.join(sorted(unknown))}")
    seconds = given.minutes * 60 if given.minutes else given.seconds
    found: list[Figure] = []
    for name in given.names or LOADS:
        for figure in LOADS[name](rate=given.rate, seconds=seconds):
            print(figure.line(), flush=True)
            found.append(figure)
    table(found)
    return 0 if all(figure.reached for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
