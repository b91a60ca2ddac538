"""An application for worker processes in tests: its one channel writes to a folder, and hangs when told so."""

import os
import time
from pathlib import Path

from server.app import create_app
from server.notices.channels import Sent

FOLDER = Path(os.environ.get("STAGE_DIR", "."))
HANG = FOLDER / "hang"


class FolderChannel:
    """Writes the address of every message to a file; while `hang` exists it says so and does not answer."""

    name = "wecom_app"

    def send(self, address, message):
        while HANG.exists():
            (FOLDER / "hanging").touch()
            time.sleep(0.1)
        with (FOLDER / "sent").open("a") as book:
            book.write(f"{address}\n")
        return Sent(message.key)


if "STAGE_DIR" in os.environ:
    app = create_app()
    app.extensions["channels"] = {"wecom_app": FolderChannel()}
