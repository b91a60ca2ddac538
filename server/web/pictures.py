"""Pictures of the help pages: shown where the script that takes them has put one."""

from pathlib import Path

from flask import current_app, url_for


def shown(name: str) -> str:
    """The address of a help picture, or nothing when it has not been taken."""
    path = Path(current_app.static_folder or "") / "pictures" / f"{name}.png"
    return url_for("static", filename=f"pictures/{name}.png") if path.is_file() else ""
