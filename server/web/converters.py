"""Parts of addresses that are more than text."""

from flask import Flask
from werkzeug.routing import BaseConverter

from server.reports.numbers import normalise


class Number(BaseConverter):
    """A report number (`/b/YS240715-7K2QM`), in either case, so that `/b/estates` is never taken for one."""

    regex = r"[A-Za-z]{2}[0-9]{6}-?[0-9A-Za-z]{5}"

    def to_python(self, value: str) -> str:
        """The number in its one spelling; what only looks like one stays as it came and is not found."""
        return normalise(value) or value


def install(app: Flask) -> None:
    """Let routes say `<no:no>`."""
    app.url_map.converters["no"] = Number
