"""What web servers and `flask --app wsgi` load."""

from server.app import create_app

app = create_app()
