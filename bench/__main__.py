"""`python -m bench [name …]`: every figure as one JSON object a line; exit code 1 when one is not reached."""

import sys
from collections.abc import Callable, Iterator

from bench import client, feeding, landing, photo, posters, reporting
from bench.figures import Figure, table
from bench.ground import Ground, ground

PARTS: dict[str, Callable[[Ground], Iterator[Figure]]] = {
    "client": lambda _: client.figures(),
    "report": reporting.figures,
    "feed": feeding.figures,
    "photo": lambda _: photo.figures(),
    "posters": lambda _: posters.figures(),
    "landing": landing.figures,
}


def main(names: list[str]) -> int:
    """Measure the parts named, or all of them."""
    found: list[Figure] = []
    with ground() as here:
        for name in names or PARTS:
            for figure in PARTS[name](here):
                print(figure.line(), flush=True)
                found.append(figure)
    table(found)
    return 0 if all(figure.reached for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
