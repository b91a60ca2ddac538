"""Every route says who may enter; a route that does not say so keeps the application from starting."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC = "public"
STAFF = "staff"
FRAMEWORK = {"static", "api-docs.openapi_json"}
"""Endpoints that the frameworks make: files and the API description, which anybody may have."""


def entry(*who: str) -> Callable[[F], F]:
    """Declare who may enter: `public`, `staff` (any post), or names of roles."""

    def declare(view: F) -> F:
        view.__entry__ = frozenset(who)  # type: ignore[attr-defined]
        return view

    return declare


def takes_files(*, most: int) -> Callable[[F], F]:
    """Declare that a route takes files, of so many bytes with everything that comes along; others take none."""

    def declare(view: F) -> F:
        view.__files__ = most  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask, endpoint: str) -> frozenset[str] | None:
    """Who may enter an endpoint, or None when it does not say."""
    if endpoint in FRAMEWORK:
        return frozenset({PUBLIC})
    found: frozenset[str] | None = getattr(app.view_functions[endpoint], "__entry__", None)
    return found


def undeclared(app: Flask) -> list[str]:
    """The endpoints that say nothing about who may enter."""
    return sorted(name for name in app.view_functions if declared(app, name) is None)
