"""Where a request comes from: past exactly our own reverse proxies, whatever a sender claims."""

from ipaddress import IPv6Address, ip_address

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

OF_ONE_LINE = 64
"""Bits of an IPv6 address that one household's line shares."""


def install(app: Flask) -> None:
    """Believe as many entries of X-Forwarded-For as there are proxies of ours (PROXY_HOPS), and none beyond."""
    hops = app.extensions["settings"].proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=0)  # type: ignore[method-assign]


def network(text: str | None) -> str:
    """The address that is counted: an IPv4 address whole, of an IPv6 one the line's part."""
    try:
        found = ip_address(text or "")
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> OF_ONE_LINE << OF_ONE_LINE)}/{OF_ONE_LINE}"
    return str(found)


def from_network() -> str:
    """Where this request comes from."""
    return network(request.remote_addr)


def from_outside() -> str:
    """The same, but nothing for an address that is not of the public network.

    Such an address is this machine's own, or a proxy's of which PROXY_HOPS was not told: it says nothing about a sender,
    and counting it would stop everybody at once.
    """
    found = from_network()
    return found if found and ip_address(found.partition("/")[0]).is_global else ""
