"""The product as it runs: PostgreSQL, web processes, workers, and the sandbox in WeChat's place."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests
from flask_migrate import upgrade

from bench.ground import defaults
from bench.load.town import Town, raise_town
from server.app import create_app
from server.core import embedded
from server.launch import ROOT, end, taken, web_command
from server.settings import Settings
from server.wechat.sandbox.demo import MP_APPID

VAR = ROOT / "var" / "load"
BASE = "http://localhost"
FIRST_PORT = 22000
"""Below 32768: higher ports may be held by an outgoing connection."""
STARTS_WITHIN = 300
WORKERS = int(os.environ.get("LOAD_WORKERS", "2"))
NICE = os.environ.get("LOAD_WORKERS_NICE", "0")
"""How far workers stand back behind answers to residents, as `Nice=` in a unit has it."""


@dataclass(frozen=True)
class Stage:
    """What a load needs to know of it."""

    town: Town
    port: int
    sandbox: str
    owner_url: str
    database: dict[str, str]
    env: dict[str, str]
    children: dict[str, subprocess.Popen[bytes]]
    var: Path = VAR

    def arrivals(self) -> list[dict[str, Any]]:
        """Every message on every phone, each with the instant of its arrival and the number it was given."""
        phones = requests.get(f"{self.sandbox}/_sandbox/api/phones", timeout=600).json()["items"]
        return [message for phone in phones for message in phone["messages"]]


@contextmanager
def stage(*, residents: int = 0) -> Iterator[Stage]:
    """Everything started on a database made anew with PostgreSQL's own defaults; ended afterwards, the rows are kept.

    What the processes say goes to files beside the database.
    """
    server, port = embedded.start(VAR / "postgres"), free_ports()
    name = f"load_{port}"
    embedded.drop(server, name)
    owner, url = embedded.prepare(server, name)
    sandbox = f"http://127.0.0.1:{port + 1}"
    settings = Settings(database_url=url, database_owner_url=owner, public_base_url=BASE, var_dir=str(VAR))
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
    town = raise_town(app, residents=residents)
    env = told(owner, url, sandbox)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in services(port).items():
            with (VAR / f"{port} {name}.log").open("wb") as book:
                children[name] = subprocess.Popen(
                    command, cwd=ROOT, env=os.environ | env, stdout=book, stderr=book
                )
        await_ports(port, children)
        introduce(sandbox, town)
        yield Stage(town, port, sandbox, owner, defaults(url), env, children)
    finally:
        end_all(children)


def end_all(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """End the processes, and whatever they started that has outlived them."""
    family: list[psutil.Process] = []
    for child in children.values():
        with suppress(psutil.Error):
            family += psutil.Process(child.pid).children(recursive=True)
    end(children)
    for one in family:
        with suppress(psutil.Error):
            one.kill()


def free_ports() -> int:
    """A port that nobody listens on, nor on the next one."""
    pairs = range(FIRST_PORT, FIRST_PORT + 500, 2)
    return next(one for one in pairs if not taken(one) and not taken(one + 1))


def told(owner: str, url: str, sandbox: str) -> dict[str, str]:
    """The settings of every process."""
    return {
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": owner,
        "PUBLIC_BASE_URL": BASE,
        "SANDBOX_BASE": sandbox,
        "VAR_DIR": str(VAR),
        "MODE": "demo",
        "PROXY_HOPS": "1",
        "PYTHONWARNINGS": "ignore",
    }


def services(port: int) -> dict[str, list[str]]:
    """The processes; the sandbox keeps what arrives in memory alone."""
    callback = f"http://127.0.0.1:{port}/wechat/callback"
    sandbox = [sys.executable, "-m", "server.wechat.sandbox", "--port", str(port + 1), "--callback", callback]
    work = ["nice", "-n", NICE, sys.executable, "-m", "flask", "--app", "wsgi", "work"]
    workers = {f"worker {number + 1}": work for number in range(WORKERS)}
    return {"sandbox": sandbox, "web": web_command("wsgi:app", port, host="127.0.0.1")} | workers


def await_ports(port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Until web server and sandbox listen. Raises RuntimeError when a process has ended instead."""
    deadline = time.monotonic() + STARTS_WITHIN
    while not (taken(port) and taken(port + 1)):
        ended = [name for name, child in children.items() if child.poll() is not None]
        if ended or time.monotonic() > deadline:
            raise RuntimeError(f"{ended or 'web or sandbox'} did not start")
        time.sleep(0.2)


def introduce(sandbox: str, town: Town) -> None:
    """Give everybody on duty a phone that follows the service account."""
    with requests.Session() as line:
        for openid in town.openids:
            person = {"name": openid, "about": "", "addresses": {MP_APPID: openid}}
            line.post(f"{sandbox}/_sandbox/api/people", json=person, timeout=10).raise_for_status()
