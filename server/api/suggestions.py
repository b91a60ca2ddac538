"""The call that tells which kinds somebody's words may mean; the words come in the body and are kept nowhere."""

from typing import Any

from marshmallow import fields

from server.companies.places import place_by_code
from server.core.entry import PUBLIC, entry
from server.core.schemas import Body, Calls
from server.core.text import Text
from server.policy.loader import books
from server.policy.vocabulary import suggest_kinds

calls = Calls("suggestions", __name__, description="从一句话提示小类")
MOST = 500


class Words(Body):
    """What somebody typed or dictated: in the body, because addresses are written into the logs of proxies."""

    words = Text(most=MOST, required=True)


class SuggestionView(Body):
    """A kind that may be meant."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    tile = fields.String(required=True)
    confidence = fields.Float(required=True, metadata={"description": "0–1, how alike; no probability"})


class SuggestedView(Body):
    """At most three kinds, the likeliest first; the person chooses."""

    kinds = fields.List(fields.Nested(SuggestionView), required=True)
    sure = fields.Boolean(
        required=True, metadata={"description": "worth saying though another kind is chosen"}
    )
    quiet = fields.Boolean(
        required=True, metadata={"description": "rather an accusation: point to where one body alone reads"}
    )


@calls.post("/places/<code>/kinds/suggest")
@entry(PUBLIC)
@calls.arguments(Words)
@calls.response(200, SuggestedView)
@calls.alt_response(404, description="unknown or revoked code: the answer is one")
def suggest(told: dict[str, Any], code: str) -> dict[str, Any]:
    """Up to three kinds of the place's county that the words may mean, and whether to point to 举报; nothing is kept."""
    here = place_by_code(code)
    book = books()[here.county_id]
    kinds, found = book.kinds, suggest_kinds(book, told["words"])
    return {
        "kinds": [
            {
                "key": one.kind,
                "label": kinds[one.kind].label,
                "tile": kinds[one.kind].tile,
                "confidence": one.confidence,
            }
            for one in found.kinds
        ],
        "sure": found.sure,
        "quiet": found.quiet,
    }
