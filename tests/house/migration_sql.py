"""The statements of migrations that are newer than the last release, written out and linted; `make sure` asks."""

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

from flask_migrate import upgrade

from server.app import create_app
from server.settings import Settings

ROOT = Path(__file__).parent.parent.parent
BASELINE = "0026"
"""Nothing was deployed before the first release, so what made its tables stopped nobody."""
EXCEPTED = {"0029": ("changing-column-type", "a text is given more room, 16 to 40, which rewrites nothing")}
"""By revision: the rules that do not hold for it (with commas between), and why that stops nobody."""
RULES = ROOT / "migrations" / "squawk.toml"
BEGINS = re.compile(r"^-- Running upgrade (\w*) -> (\w+)$", re.MULTILINE)


def written_out(since=BASELINE):
    """The whole of what `db upgrade --sql` prints from a revision on."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(database_url="postgresql://localhost/nothing", var_dir=folder))
        said = io.StringIO()
        with app.app_context(), redirect_stdout(said):
            upgrade(directory=str(ROOT / "migrations"), revision=f"{since}:head", sql=True)
    return said.getvalue()


def by_revision(sql) -> Iterator[tuple[str, str]]:
    """Each migration's own statements."""
    marks = [*BEGINS.finditer(sql)]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        own = sql[mark.end() : following.start() if following else len(sql)]
        yield mark[2], "BEGIN;\n" + own.strip().removesuffix("BEGIN;")


def faults(sql) -> str:
    """What the linter says of statements, each migration under its number; nothing where all is well."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for revision, statements in by_revision(sql):
            files.append(Path(folder) / f"{revision}.sql")
            rules, _ = EXCEPTED.get(revision, ("", ""))
            files[-1].write_text((f"-- squawk-ignore-file {rules}\n" if rules else "") + statements)
        if not files:
            return ""
        command = [Path(sys.executable).with_name("squawk"), "--config", RULES, "--reporter", "gcc", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr


def main():
    """Lint what is new; the process ends with the findings where there are any."""
    found = faults(written_out())
    if found:
        sys.exit(found)
    print("migrations stop nobody")  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
