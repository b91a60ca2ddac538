"""What every body and query of the JSON API has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from server.core.bodies import Parser
from server.core.errors import Invalid
from server.core.numbers import Whole
from server.core.paging import LIMIT, MOST
from server.core.text import Text

F = TypeVar("F", bound=Callable[..., Any])


class Body(Schema):
    """A body in which an unknown field is an error, not a shrug."""

    class Meta:
        """Nothing unknown."""

        unknown = RAISE


class PageArgs(Body):
    """The arguments of every list."""

    after = Text(most=400, metadata={"description": "`next` of the page before; opaque"})
    limit = Whole(written=True, most=MOST, load_default=LIMIT, metadata={"description": "page size"})


class Problem(Schema):
    """An error (RFC 9457 fields)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.String())


QUERY = "__query__"
"""On a view that reads a query string by a schema."""
UNKNOWN = "没有这个参数。"


def _reads_query(decorate: Callable[[F], F]) -> Callable[[F], F]:
    def mark(view: F) -> F:
        found = decorate(view)
        setattr(found, QUERY, True)
        return found

    return mark


def _without_query(view: F) -> F:
    """The view, which refuses what it would never read. Raises Invalid with every name."""

    @wraps(view)
    def strict(*args: Any, **kwargs: Any) -> Any:
        if request.query_string:
            raise Invalid(UNKNOWN, fields=dict.fromkeys(request.args, UNKNOWN))
        return view(*args, **kwargs)

    return cast(F, strict)


class Calls(Blueprint):  # type: ignore[misc]
    """A room's blueprint of API calls: typed, and strict in query strings, where webargs would be lax."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: Any, **kwargs: Any) -> Callable[[F], F]:
        """As flask-smorest's, with unknown fields refused everywhere; the schema is made once, not a request."""
        kwargs.setdefault("unknown", RAISE)
        once = schema() if isinstance(schema, type) else schema
        found: Callable[[F], F] = super().arguments(once, **kwargs)
        return _reads_query(found) if kwargs.get("location") == "query" else found

    def response(self, status: int, schema: Any = None, **kwargs: Any) -> Callable[[F], F]:
        """The body of a success."""
        found: Callable[[F], F] = super().response(status, schema, **kwargs)
        return found

    def alt_response(self, status: int, **kwargs: Any) -> Callable[[F], F]:
        """Another answer that a caller must expect; an error where no schema is given."""
        kwargs.setdefault("schema", Problem)
        found: Callable[[F], F] = super().alt_response(status, **kwargs)
        return found

    def doc(self, **kwargs: Any) -> Callable[[F], F]:
        """Facts for the OpenAPI document alone."""
        found: Callable[[F], F] = super().doc(**kwargs)
        return found

    def call(self, method: str, rule: str) -> Callable[[F], F]:
        """The route of a call."""
        register = self.route(rule, methods=[method])

        def strict(view: F) -> F:
            found: F = register(view if hasattr(view, QUERY) else _without_query(view))
            return found

        return strict

    def get(self, rule: str) -> Callable[[F], F]:
        """A call that reads."""
        return self.call("GET", rule)

    def post(self, rule: str) -> Callable[[F], F]:
        """A call that does something."""
        return self.call("POST", rule)

    def put(self, rule: str) -> Callable[[F], F]:
        """A call that replaces."""
        return self.call("PUT", rule)

    def delete(self, rule: str) -> Callable[[F], F]:
        """A call that ends something."""
        return self.call("DELETE", rule)
