"""Whether the migrations make just what the models say; `make sure` asks, beside the tests."""

import sys
import tempfile
from pathlib import Path

from flask_migrate import check, downgrade, upgrade

from server.app import create_app
from server.core import embedded
from server.settings import Settings

ROOT = Path(__file__).parent.parent.parent


def main():
    """Up, down, up again, then compare; alembic ends the process with a message where they differ."""
    with tempfile.TemporaryDirectory() as folder:
        server = embedded.start(ROOT / "var" / "test-postgres")
        name = f"drift_{Path(folder).name.lower()}"
        owner, application = embedded.prepare(server, name)
        app = create_app(Settings(database_url=application, database_owner_url=owner, var_dir=folder))
        with app.app_context():
            directory = str(ROOT / "migrations")
            upgrade(directory=directory)
            downgrade(directory=directory, revision="base")
            upgrade(directory=directory)
            check(directory=directory)
        embedded.drop(server, name)
    print("migrations and models agree", file=sys.stdout)  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
