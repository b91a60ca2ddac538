"""What web servers and `flask --app wsgi` load."""

import os
import sys

from server.core import counting_folder
from server.settings import read_settings

settings = read_settings()
by_flask = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
counting_folder.prepare(settings, serving=counting_folder.serves(sys.argv, by_flask=by_flask))

from server.app import create_app  # noqa: E402 - what counts looks for its folder when it is imported
from server.core import logs  # noqa: E402 - as above

if not by_flask:
    logs.setup()
app = create_app(settings)
