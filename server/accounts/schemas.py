"""Bodies of the session calls."""

from marshmallow import fields

from server.core.schemas import Body
from server.core.text import Text


class StaffLogin(Body):
    """A login of staff."""

    username = Text(most=60, least=1, required=True)
    password = fields.String(required=True, metadata={"maxLength": 128})
    totp = Text(
        most=20,
        metadata={"description": "code of the authenticator, or a recovery code; only where one is set up"},
    )


class Token(Body):
    """A session's token, told once."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
