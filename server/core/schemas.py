"""What every body and query of the JSON API has in common."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from server.core.paging import LIMIT, MOST
from server.core.text import Text

MASKED = "****"


class Body(Schema):
    """A body in which an unknown field is an error, not a shrug."""

    class Meta:
        """Nothing unknown."""

        unknown = RAISE


class PageArgs(Body):
    """The arguments of every list."""

    after = Text(most=400, metadata={"description": "cursor of the page before"})
    limit = fields.Integer(
        strict=False,
        load_default=LIMIT,
        validate=validate.Range(1, MOST),
        metadata={"description": "page size"},
    )


class Problem(Schema):
    """An error (RFC 9457 fields)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.String())


class Strict:
    """Blueprint arguments that stay strict in query strings too, where webargs would relax them."""

    def arguments(self, schema: Any, **kwargs: Any) -> Any:
        """As flask-smorest's, with unknown fields refused everywhere."""
        kwargs.setdefault("unknown", RAISE)
        return super().arguments(schema, **kwargs)  # type: ignore[misc]


class Calls(Strict, Blueprint):  # type: ignore[misc]
    """A room's blueprint of API calls."""


def require(condition: object, message: str, field: str) -> None:
    """Raise a field's validation error unless the condition holds."""
    if not condition:
        raise ValidationError({field: [message]})
