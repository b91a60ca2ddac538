"""The whole product as it runs in production: database, sink, two web services, two workers, and their keeper."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from bench.faults.database import Cluster
from bench.faults.town import Town, ordered
from bench.faults.units import Keeper, Unit
from bench.servers import free_port
from server.launch import ROOT, web_command

READY_WITHIN = 90
WEBS, WORKERS = 2, 2
OWN_PORTS = 25000
"""A port stays ours while its service is down for a moment: so others who try faults or measure do not look here."""


@dataclass
class Product:
    """What runs, and where its files are."""

    folder: Path
    cluster: Cluster
    owner: str
    url: str
    town: Town
    units: dict[str, Unit] = field(default_factory=dict)
    addresses: list[tuple[str, int]] = field(default_factory=list)
    front: list[tuple[str, int]] = field(default_factory=list)
    """Where residents knock; empty: at the web services themselves."""
    keeper: Keeper | None = None

    @property
    def acknowledged(self) -> Path:
        """The residents' log of every 2xx."""
        return self.folder / "acknowledged"

    @property
    def sent(self) -> Path:
        """The sink's log of every message."""
        return self.folder / "sent"

    @property
    def workers(self) -> list[Unit]:
        """The workers."""
        return [unit for name, unit in self.units.items() if name.startswith("worker")]

    @property
    def webs(self) -> list[Unit]:
        """The web services."""
        return [unit for name, unit in self.units.items() if name.startswith("web")]

    def env(self, sink: int, *, host: str = "127.0.0.1", url: str = "") -> dict[str, str]:
        """What every process of ours is told."""
        return {
            "DATABASE_URL": url or self.url,
            "PUBLIC_BASE_URL": "http://localhost",
            "SANDBOX_BASE": f"http://{host}:{sink}",
            "VAR_DIR": str(self.folder),
            "PHOTO_STORE": (self.folder / "photos").as_uri(),
            "MODE": "demo",
            "PROXY_HOPS": "1",
            "PYTHONWARNINGS": "ignore",
        }

    def unit(
        self, name: str, command: Sequence[str], env: dict[str, str], within: Sequence[str] = ()
    ) -> Unit:
        """One more service, started."""
        made = Unit(name, command, env, log=self.folder / f"{name}.log", within=within)
        self.units[name] = made
        made.start()
        return made

    def sink(self, port: int, host: str = "127.0.0.1") -> None:
        """The sandbox, which knows everybody of the town."""
        people = self.folder / "people"
        people.write_text("\n".join(self.town.people))
        told = ["--host", host, "--port", str(port), "--people", str(people), "--log", str(self.sent)]
        self.unit("sink", [sys.executable, "-m", "bench.faults.sink", *told], {"PYTHONWARNINGS": "ignore"})

    def proxy(self, port: int) -> None:
        """A proxy before the web services, where residents knock from now on."""
        services = [f"{host}:{number}" for host, number in self.addresses]
        self.unit("proxy", [sys.executable, "-m", "bench.faults.proxy", "--port", str(port), *services], {})
        self.front = [("127.0.0.1", port)]

    def keep(self) -> None:
        """From now on what dies is started again."""
        self.keeper = Keeper(list(self.units.values()))
        self.keeper.start()

    def ready(self, *, within: float = READY_WITHIN) -> None:
        """Wait until every web service says that it can serve."""
        until = time.monotonic() + within
        for host, port in self.addresses:
            while not answers(host, port):
                if time.monotonic() > until:
                    raise RuntimeError(f"{host}:{port} is not ready")
                time.sleep(0.1)

    def stop(self) -> None:
        """End everything that was started here."""
        if self.keeper:
            self.keeper.over.set()
            self.keeper.join()
        for unit in self.units.values():
            unit.kept = False
        for unit in (*self.webs, *self.workers):
            if unit.alive:
                unit.process.terminate()
        for unit in self.units.values():
            with suppress(subprocess.TimeoutExpired):
                unit.process.wait(10 if unit.name != "sink" else 0.1)
            unit.kill()


def answers(host: str, port: int) -> bool:
    """Whether a web service is ready."""
    with suppress(OSError), urllib.request.urlopen(f"http://{host}:{port}/readyz", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def fresh(folder: Path) -> Path:
    """An empty folder in place of whatever an earlier run left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@contextmanager
def running(product: Product, *, proxied: bool = False, processes: int = 1) -> Iterator[Product]:
    """Everything started on this machine and kept running; ended at the end."""
    ports = [free_port(OWN_PORTS + os.getpid() % 300 * 10)]
    while len(ports) <= WEBS + 1:
        ports.append(free_port(ports[-1] + 1))
    env = product.env(ports[0])
    try:
        product.sink(ports[0])
        for number, port in enumerate(ports[2:], 1):
            command = web_command("wsgi:app", port, host="127.0.0.1", processes=processes)
            product.unit(f"web{number}", command, env)
            product.addresses.append(("127.0.0.1", port))
        for number in range(1, WORKERS + 1):
            product.unit(f"worker{number}", [sys.executable, "-m", "flask", "--app", "wsgi", "work"], env)
        if proxied:
            product.proxy(ports[1])
        product.keep()
        product.ready()
        yield product
    finally:
        product.stop()


def picture() -> str:
    """A photo for everybody, in base64: noise, so that a disk fills."""
    out = BytesIO()
    Image.effect_noise((900, 700), 60).convert("RGB").save(out, "JPEG", quality=80)
    return b64encode(out.getvalue()).decode()


class Crowd:
    """The residents' process while it runs."""

    def __init__(self, product: Product, **order: Any) -> None:
        """Begin filing: `total` reports at `rate` a second over so many `connections`."""
        told = {
            "connections": 24,
            "photos": False,
            "timeout": 30,
            "picture": picture(),
            "addresses": product.front or product.addresses,
            "log": str(product.acknowledged),
        } | order
        self.log, self.total = product.acknowledged, told["total"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.faults.residents"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process.stdin.write(json.dumps(ordered(product.town, **told)))
        self.process.stdin.close()

    def acknowledged(self) -> int:
        """How many reports were taken so far."""
        return self.log.read_bytes().count(b"\n") if self.log.exists() else 0

    @property
    def filing(self) -> bool:
        """Whether they still file."""
        return self.process.poll() is None

    def wait_for(self, count: int) -> None:
        """Until so many were taken, or they have ended."""
        while self.filing and self.acknowledged() < count:
            time.sleep(0.05)

    def summary(self) -> dict[str, Any]:
        """What they saw, once the last one has filed."""
        with self.process.stdout as said:
            found: dict[str, Any] = json.loads(said.read())
        self.process.wait()
        return found
