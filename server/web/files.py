"""Files that a page hands over: what they are and what they are called."""

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def download(data: bytes, kind: str, name: str) -> Response:
    """An answer that a browser keeps as a file; `name` is plain ASCII."""
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
