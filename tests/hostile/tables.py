"""The tables of hostile input in `data/`."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def table(name: str) -> Any:
    """A table by its file's name."""
    return json.loads((DATA / f"{name}.json").read_text())


TEXTS: list[tuple[str, str | None]] = [
    *((text, None) for text in table("texts")["refused"]),
    *((text, kept) for text, kept in table("texts")["kept"]),
]
"""What is typed, and what is kept of it; None where it is refused."""
XSS: list[str] = table("payloads")["xss"]
FORMULAS: list[str] = table("payloads")["formulas"]
URLS: list[str] = table("payloads")["urls"]
