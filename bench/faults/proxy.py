"""A proxy such as stands before the web services: `python -m bench.faults.proxy --port N HOST:PORT …`.

Each connection goes to one service, the next one where that refuses; bytes pass unread.
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import Iterator
from contextlib import suppress

CHUNK = 64 * 1024
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(services: list[tuple[str, int]], turn: Iterator[int]) -> Streams | None:
    """A line to the first service, from whose turn it is on, that takes one."""
    first = next(turn)
    for number in range(len(services)):
        with suppress(OSError, TimeoutError):
            host, port = services[(first + number) % len(services)]
            return await asyncio.wait_for(asyncio.open_connection(host, port), 3)
    return None


async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Everything that comes, until one side ends."""
    with suppress(OSError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
    with suppress(OSError):
        target.close()


async def serve(port: int, services: list[tuple[str, int]]) -> None:
    """Stand in front of the services until ended."""
    turn = itertools.count()

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await connect(services, turn)
        if line is None:
            writer.close()
            return
        await asyncio.gather(pass_on(reader, line[1]), pass_on(line[0], writer))

    server = await asyncio.start_server(taken, "127.0.0.1", port)
    await server.serve_forever()


def main(arguments: list[str]) -> None:
    """Serve."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults.proxy")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("services", nargs="+")
    given = parser.parse_args(arguments)
    services = [(host, int(port)) for host, port in (one.split(":") for one in given.services)]
    asyncio.run(serve(given.port, services))


if __name__ == "__main__":
    main(sys.argv[1:])
