"""What web servers and `flask --app wsgi` load."""

import os

from server.core import counting_folder
from server.settings import read_settings

settings = read_settings()
counting_folder.prepare(settings)

from server.app import create_app  # noqa: E402 - what counts looks for its folder when it is imported
from server.core import logs  # noqa: E402 - as above

if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    logs.setup()
app = create_app(settings)
