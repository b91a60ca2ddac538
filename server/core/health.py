"""For operators and balancers: alive, and ready to serve."""

from typing import Any

from flask import Blueprint
from sqlalchemy import text

from server.core.db import db
from server.core.entry import PUBLIC, entry

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@entry(PUBLIC)
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@entry(PUBLIC)
def readyz() -> dict[str, Any]:
    """The process can serve: the database answers."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}
