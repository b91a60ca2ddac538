"""A worker's own page of counts, for Prometheus."""

from prometheus_client import start_http_server

from server.core.measures import counts
from server.settings import SettingsError


def listen(where: str) -> None:
    """Show the counts at `address:port`, which only the watching machines may reach; nothing where none is given."""
    if not where:
        return
    address, _, port = where.rpartition(":")
    if not address or not port.isdigit():
        raise SettingsError("WORKER_METRICS and --metrics must be address:port, e.g. 127.0.0.1:9109")
    start_http_server(int(port), addr=address, registry=counts())
