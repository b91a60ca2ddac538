"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

YEAR = 365 * 24 * 3600


@cache
def digest(path: Path) -> str:
    """Ten characters that change when the file does."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def install(app: Flask) -> None:
    """Templates write `asset('css/house.css')`; a file asked for with its digest is kept for a year."""
    folder = Path(app.static_folder or "")

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=digest(folder / name))

    def asset_text(name: str) -> str:
        return (folder / name).read_text()

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and request.args.get("v") and response.status_code == 200:  # noqa: PLR2004
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return response

    app.jinja_env.globals.update(asset=asset, asset_text=cache(asset_text))
