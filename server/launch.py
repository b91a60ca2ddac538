"""`make run`: the whole product on one machine, with demo people; whatever it starts it also ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from server.core import embedded
from server.settings import Settings, SettingsError, read_settings

SANDBOX_AFTER = 1
"""The sandbox listens this many ports above the web server."""
GRACE_SECONDS = 15
PROCESSES, THREADS = 2, 2
"""Two web processes with two threads each (docs/adr/0007): one works while another waits for a photo or the database."""
ROOT = Path(__file__).parent.parent


def own_address() -> str:
    """This machine's address in its network, so that a phone nearby can open the demo; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def taken(port: int) -> bool:
    """Whether somebody listens on a port already."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end_leftovers(record: Path) -> None:
    """End what an earlier run of ours left behind when it was killed."""
    if not record.exists():
        return
    for line in record.read_text().split():
        with suppress(psutil.Error, ValueError):
            process = psutil.Process(int(line))
            if str(ROOT) in " ".join([process.cwd(), *process.cmdline()]):
                process.terminate()
                process.wait(GRACE_SECONDS)
    record.unlink()


def environment(settings: Settings) -> dict[str, str]:
    """What the started processes are told."""
    owner, application = embedded.prepare(embedded.start(settings.var / "postgres"))
    base = settings.public_base_url or f"http://{own_address()}:{settings.port}"
    told = {
        "DATABASE_URL": application,
        "DATABASE_OWNER_URL": owner,
        "PUBLIC_BASE_URL": base,
        "SANDBOX_BASE": f"http://127.0.0.1:{settings.port + SANDBOX_AFTER}",
        "PYTHONWARNINGS": "ignore",
    }
    return os.environ | told


def flask(*words: str, env: Mapping[str, str]) -> None:
    """One command of ours; its failure ends the run."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    subprocess.run(command, cwd=ROOT, env=env, check=True)  # noqa: S603 - our own commands


def web_command(target: str, port: int, *, host: str, processes: int = PROCESSES) -> list[str]:
    """The web server on an application (docs/adr/0007); `make bench` and `make faults` use the same options."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", target),
        *("--host", host, "--port", str(port), "--workers", str(processes), "--no-log"),
        *("--blocking-threads", str(THREADS)),
    ]


def services(settings: Settings) -> dict[str, list[str]]:
    """The processes that run side by side."""
    port, python = settings.port, sys.executable
    return {
        "sandbox": [
            *(python, "-m", "server.wechat.sandbox", "--port", str(port + SANDBOX_AFTER)),
            *("--state", str(settings.var / "sandbox.json")),
            *("--callback", f"http://127.0.0.1:{port}/wechat/callback"),
        ],
        "web": web_command("wsgi:app", port, host="0.0.0.0"),  # noqa: S104 - phones nearby
        "worker": [python, "-m", "flask", "--app", "wsgi", "work"],
    }


def wait_until_ready(port: int, children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Until the web server answers. Raises SettingsError when something ended instead."""
    deadline = time.monotonic() + 60
    while not taken(port):
        ended = [name for name, child in children.items() if child.poll() is not None]
        if ended or time.monotonic() > deadline:
            raise SettingsError(f"{', '.join(ended) or 'web'} did not start; its message stands above.")
        time.sleep(0.1)


def end(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """End the processes, politely first."""
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def run(settings: Settings) -> None:
    """Start everything, say where to begin, and wait until somebody ends it."""
    if not settings.demo:
        raise SettingsError("make run is for demonstrations; docs/operations tells how to run in production.")
    for port in (settings.port, settings.port + SANDBOX_AFTER):
        if taken(port):
            raise SettingsError(f"Port {port} is taken; choose another: make run PORT=8100")
    record = settings.var / "run.pids"
    end_leftovers(record)
    # Begun in the background, where a shell has it ignored, it ends as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print("码上办 正在启动：数据库、演示数据、模拟微信……", flush=True)  # noqa: T201 - this is the terminal
    env = environment(settings)
    flask("db", "upgrade", env=env)
    flask("seed", "demo", env=env)
    children = {
        name: subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603 - our own commands
        for name, command in services(settings).items()
    }
    record.write_text("\n".join(str(child.pid) for child in children.values()))
    try:
        wait_until_ready(settings.port, children)
        flask("seed", "welcome", env=env)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while all(child.poll() is None for child in children.values()):
            time.sleep(0.5)
        print("有一个进程意外退出，其余的一并结束。", flush=True)  # noqa: T201
    except KeyboardInterrupt:
        print("\n正在结束……", flush=True)  # noqa: T201
    finally:
        end(children)
        record.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        run(read_settings())
    except SettingsError as fault:
        sys.exit(f"不能启动：{fault}")
    except subprocess.CalledProcessError as fault:
        sys.exit(f"不能启动：{' '.join(map(str, fault.cmd[3:]))} 没有成功。")
