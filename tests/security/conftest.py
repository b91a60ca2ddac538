"""One scene for all tests of this folder."""

import pytest

from server.app import create_app
from server.core import clock
from server.core.db import db
from server.settings import Settings
from tests.conftest import NOON, copy_database
from tests.security.canaries import plant
from tests.security.scene import compose
from tests.security.stage import Stage


@pytest.fixture(scope="session")
def played(cluster, template, worker_name, tmp_path_factory):
    """The application over a database of its own, with the scene written into it."""
    owner, application = copy_database(cluster, template, f"test_{worker_name}_security")
    settings = Settings(
        database_url=application,
        database_owner_url=owner,
        var_dir=str(tmp_path_factory.mktemp("security")),
        public_base_url="http://localhost",
    )
    app = create_app(settings)
    with clock.stopped(NOON), app.app_context():
        scene = compose(NOON)
        db.session.remove()
        db.engine.dispose()
        assert plant(owner, scene)
    yield Stage(app, scene)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def stage(played):
    """The scene, with the clock standing still; whatever a call changes is undone after it."""
    with clock.stopped(NOON), played.open():
        yield played
