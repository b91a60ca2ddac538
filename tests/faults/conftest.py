"""The whole product started once for the short form of the kills."""

import os
import signal

import pytest

from bench.faults.database import BINARIES, Cluster
from bench.faults.product import Product, fresh, running
from bench.faults.town import copy_tables, settle
from bench.servers import free_port
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def product(cluster, template, worker_name):
    """Two web services, two workers, a sink, and a database of its own with fsync on, its tables copied."""
    folder = fresh(ROOT / "var" / f"faults-{worker_name}")
    own = Cluster(folder / "postgres", free_port(28000 + os.getpid() % 300))
    own.make()
    own.start()
    owner, url = own.prepare()
    try:
        copy_tables(BINARIES, cluster.get_uri(database=template), owner)
        with running(Product(folder, own, owner, url, settle(owner, url, estates=8, migrated=True))) as made:
            yield made
    finally:
        own.end(signal.SIGQUIT)
