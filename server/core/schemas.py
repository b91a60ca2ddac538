"""What every body and query of the JSON API has in common."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from server.core.bodies import Parser
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

    after = Text(most=400, metadata={"description": "cursor of the page before"})
    limit = Whole(written=True, most=MOST, load_default=LIMIT, metadata={"description": "page size"})


class Problem(Schema):
    """An error (RFC 9457 fields)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.String())


class Calls(Blueprint):  # type: ignore[misc]
    """A room's blueprint of API calls: typed, and strict in query strings, where webargs would be lax."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: Any, **kwargs: Any) -> Callable[[F], F]:
        """As flask-smorest's, with unknown fields refused everywhere; the schema is made once, not a request."""
        kwargs.setdefault("unknown", RAISE)
        once = schema() if isinstance(schema, type) else schema
        found: Callable[[F], F] = super().arguments(once, **kwargs)
        return found

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
        found: Callable[[F], F] = self.route(rule, methods=[method])
        return found

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
