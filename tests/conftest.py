"""What every test stands on: an embedded PostgreSQL, a migrated database, an application, a small world."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as hypotheses
from psycopg import sql
from sqlalchemy import create_engine

from server.app import create_app
from server.core import clock, embedded
from server.core.db import db, sqlalchemy_url
from server.settings import Settings

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""A Wednesday, ten in the morning in Shanghai."""


HOUSE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "derandomize": "CI" in os.environ}
"""What a rule says does not depend on how busy the machine is; the same cases whenever a change is to land."""
hypotheses.register_profile("house", **HOUSE)
hypotheses.load_profile("house")

LONGEST = ("journeys", "worker", "abuse", "cli", "security", "hostile", "api")
"""Rooms whose files take longest: begun first, so that no process works on alone at the end."""


def pytest_collection_modifyitems(items):
    rooms = {room: place for place, room in enumerate(LONGEST)}
    items.sort(key=lambda item: rooms.get(item.path.relative_to(ROOT / "tests").parts[0], len(rooms)))


@pytest.fixture(scope="session")
def cluster():
    """The embedded server, which does not wait for the disk: a test's data need not outlive it."""
    server = embedded.start(ROOT / "var" / "test-postgres")
    with psycopg.connect(server.get_uri(), autocommit=True) as link:
        link.execute("ALTER SYSTEM SET fsync = off")
        link.execute("ALTER SYSTEM SET synchronous_commit = off")
        # A look at every column of every table takes its locks once, not once for each parallel worker.
        link.execute("ALTER SYSTEM SET max_parallel_workers_per_gather = 0")
        link.execute("SELECT pg_reload_conf()")
    return server


def migrations_digest():
    """A name that changes when the schema does."""
    files = [
        *sorted((ROOT / "migrations").glob("**/*.py")),
        ROOT / "migrations" / "doors.sql",
        ROOT / "server" / "core" / "grants.py",
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


@pytest.fixture(scope="session")
def template(cluster):
    """A database with every migration applied, made once and copied from then on."""
    name = f"template_{migrations_digest()}"
    with psycopg.connect(cluster.get_uri(), autocommit=True) as link:
        link.execute("SELECT pg_advisory_lock(7)")
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            owner, application = embedded.prepare(cluster, f"{name}_new")
            app = create_app(Settings(database_url=application, database_owner_url=owner))
            with app.app_context():
                upgrade(directory=str(ROOT / "migrations"))
                db.engine.dispose()
            rename = "ALTER DATABASE {} RENAME TO {}"
            link.execute(sql.SQL(rename).format(sql.Identifier(f"{name}_new"), sql.Identifier(name)))
        link.execute("SELECT pg_advisory_unlock(7)")
    return name


def copy_database(cluster, template, name):
    """A fresh copy of the template; the addresses of owner and application."""
    with psycopg.connect(cluster.get_uri(), autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        make = "CREATE DATABASE {} TEMPLATE {}"
        link.execute(sql.SQL(make).format(sql.Identifier(name), sql.Identifier(template)))
    owner = cluster.get_uri(database=name)
    return owner, embedded.as_app_role(owner)


@pytest.fixture(scope="session")
def worker_name(request):
    """The name of this test process."""
    mine = os.environ.get("PYTEST_DB", "main")
    return mine + getattr(request.config, "workerinput", {}).get("workerid", "")


@pytest.fixture(scope="session")
def settings(cluster, template, worker_name, tmp_path_factory):
    """Demo settings on this process's own copy of the database."""
    owner, application = copy_database(cluster, template, f"test_{worker_name}")
    return Settings(
        database_url=application,
        database_owner_url=owner,
        var_dir=str(tmp_path_factory.mktemp("var")),
        public_base_url="http://localhost",
    )


@pytest.fixture(scope="session")
def application(settings):
    """The application, made once a process."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def peopled(application, cluster, template, worker_name):
    """A second database in which the small world of `tests/world.py` was made once: its engine, and the world."""
    from tests.world import build

    _, url = copy_database(cluster, template, f"peopled_{worker_name}")
    options = application.config["SQLALCHEMY_ENGINE_OPTIONS"]
    engine = create_engine(sqlalchemy_url(url), **options)
    with application.app_context(), clock.stopped(NOON):
        empty, db.engines[None] = db.engine, engine
        world = build(NOON)
        db.session.remove()
        db.engines[None] = empty
    yield engine, world
    engine.dispose()


@pytest.fixture
def app(application, request):
    """The application inside a transaction that is rolled back; what the code commits goes no further."""
    with application.app_context():
        engine = db.engine
        peopled = "world" in request.fixturenames
        link = (request.getfixturevalue("peopled")[0] if peopled else engine).connect()
        outer = link.begin()
        db.session.remove()
        db.engines[None] = link
        db.session.configure(join_transaction_mode="create_savepoint")
        yield application
        db.session.remove()
        db.session.configure(join_transaction_mode="conditional_savepoint")
        db.engines[None] = engine
        outer.rollback()
        link.close()
        application.extensions["landings"].clear()


class Browser(FlaskClient):
    """A client whose every request has an application context of its own, as on a server."""

    def open(self, *args, **kwargs):
        """The answer to one request; what the test holds is written down before and read anew after."""
        db.session.commit()
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.expire_all()
        return answer


@pytest.fixture
def client(app):
    """A browser without JavaScript."""
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def now():
    """The clock stands at ten on a working day."""
    with clock.stopped(NOON):
        yield NOON


@pytest.fixture
def world(app, now, peopled):
    """The small world of `tests/world.py` as it was made, whatever other tests did in it."""
    return peopled[1].anew()
