"""Bodies of the photo call."""

from flask_smorest.fields import Upload
from marshmallow import EXCLUDE, Schema, fields


class PhotoFile(Schema):
    """One file; browsers add parts of their own, so unknown ones are let be."""

    class Meta:
        """Other parts do not matter."""

        unknown = EXCLUDE

    file = Upload(required=True)


class PhotoTaken(Schema):
    """A photo that was taken in."""

    id = fields.String(required=True)
    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
