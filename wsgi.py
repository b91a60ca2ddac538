"""What web servers and `flask --app wsgi` load."""

import os

from server.app import create_app
from server.core import logs

if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    logs.setup()
app = create_app()
