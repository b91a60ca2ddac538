"""Bodies of the calls about WeChat."""

from marshmallow import fields, validate

from server.core.schemas import Body
from server.core.text import Text


class WeChatLogin(Body):
    """A login code that the mini-program got from WeChat."""

    app = fields.String(required=True, validate=validate.OneOf(["mini"]))
    code = Text(most=128, least=1, required=True)
