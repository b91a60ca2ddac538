"""The database: one metadata, one naming convention, one engine of Flask-SQLAlchemy."""

from datetime import datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Identity, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NATIONAL = "000000"
"""The county of rows that exist before a county is known (GB/T 2260 writes the whole country so)."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table; a datetime is always aware, a dict is always JSONB."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own hook
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


class Row:
    """What every table has: a number, and the county it belongs to."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    county_id: Mapped[str] = mapped_column(String(6))


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


LINK: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How soon a database that no longer answers is given up: a connection in the making after three seconds, one in use
after about ten, where the system itself would wait for a quarter of an hour."""

NOTICE = (
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10s"
)
"""The same for the server: rows that a machine held which has vanished are free again after about ten seconds."""


def sqlalchemy_url(url: str) -> str:
    """A PostgreSQL address with the driver that we use."""
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def connect(app: Flask, url: str) -> None:
    """Give the application its engine; connections speak UTC.

    None is tried before use: one that broke is met by a statement, answered with 503 and given up (`core/away.py`).
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = sqlalchemy_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": 10,
        "max_overflow": 10,
        "pool_pre_ping": False,
        "pool_recycle": 900,
        "hide_parameters": True,
        "connect_args": LINK | {"options": f"-c timezone=utc -c lock_timeout=10s {NOTICE}"},
    }
    db.init_app(app)
