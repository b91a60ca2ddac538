"""Addresses of the files that pages load: one digest over all of them, so that each may be cached for ever."""

import hashlib
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "static"


@cache
def digest() -> str:
    """Twelve hexadecimal digits that change when any static file changes."""
    total = hashlib.sha256()
    for path in sorted(each for each in FOLDER.rglob("*") if each.is_file()):
        total.update(path.relative_to(FOLDER).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file; modules that import each other stay under the same digest."""
    if not (FOLDER / name).is_file():
        raise FileNotFoundError(name)
    return f"/static/{digest()}/{name}"


@cache
def inline_css(name: str) -> Markup:
    """The text of a style sheet without comments and spare white space, for a page that may make no request."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    kept = (line.strip() for line in lines if not line.lstrip().startswith("/*"))
    return Markup("".join(kept))  # noqa: S704 -- our own file, no reader's words
