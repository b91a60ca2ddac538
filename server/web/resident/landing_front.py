"""Before the application: a landing page that is remembered is answered at once, everything else goes on."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from server.core import clock
from server.web.resident.landing_cache import Landing, Landings
from server.web.size import kept_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

PREFIX = "/e/"


class Front:
    """Answers `GET /e/<code>` from memory: no routing, no session, no database for the thousandth scan of a poster."""

    def __init__(self, application: "WSGIApplication", pages: Landings) -> None:
        self.application, self.pages = application, pages

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answer, or let the application answer."""
        page = self.remembered(environ)
        if page is None:
            return self.application(environ, start_response)
        status, headers, body = page.answer(
            accepts=environ.get("HTTP_ACCEPT_ENCODING", ""), known=environ.get("HTTP_IF_NONE_MATCH", "")
        )
        start_response(status, headers)
        return [body]

    def remembered(self, environ: dict[str, Any]) -> Landing | None:
        """The page of this request, if it asks for one in its plain form and it is fresh."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None
        return self.pages.get(path[len(PREFIX) :], kept_in(environ.get("HTTP_COOKIE", "")), now=clock.now())
