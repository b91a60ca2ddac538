"""`python -m bench.outages [name …]`: every figure as one JSON object a line; exit code 1 when one is not reached."""

import argparse
import sys
from collections.abc import Callable, Iterator

from bench.figures import Figure
from bench.outages import scenes
from bench.outages.sick import sick
from bench.outages.stage import Stage, staged

SCENES: dict[str, tuple[Callable[[Stage, int], Iterator[Figure]], int]] = {
    "outage": (scenes.outage, 4320),
    "quota": (scenes.quota, 10_000),
    "refused": (scenes.refused, 1000),
    "tokens": (scenes.tokens, 100),
    "sick": (sick, 1000),
    "poison": (scenes.poison, 1000),
    "flood": (scenes.flood, 10_000),
}


def main(arguments: list[str]) -> int:
    """Play the scenes named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench.outages")
    parser.add_argument("names", nargs="*", choices=[[], *SCENES], default=[])
    parser.add_argument("--share", type=float, default=1.0, help="of the pushes that each scene has")
    given = parser.parse_args(arguments)
    reached = True
    for name in given.names or SCENES:
        scene, size = SCENES[name]
        with staged() as stage:
            for figure in scene(stage, max(int(size * given.share), 1)):
                sys.stdout.write(figure.line() + "\n")
                sys.stdout.flush()
                reached = reached and figure.reached
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
