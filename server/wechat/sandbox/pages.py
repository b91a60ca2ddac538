"""The demonstration's pages: phones with what arrived on them, and WeChat's login page with a choice of people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from server.wechat.sandbox.consents import ANSWERS
from server.wechat.sandbox.source import Source

STYLE = Path(__file__).parent / "templates" / "sandbox" / "style.css"
AUTHORIZE = "/connect/oauth2/authorize"
SCOPES = {"snsapi_base", "snsapi_userinfo"}

View = Callable[..., Any]


def _open(view: View) -> View:
    return view


def create_pages(
    source: Source, *, guard: Callable[[View], View] = _open, own_host: bool = False
) -> Blueprint:
    """The blueprint at /_sandbox; `guard` declares its routes public, `own_host` keeps logins on this host."""
    pages = Blueprint("sandbox", __name__, url_prefix="/_sandbox", template_folder="templates")

    @pages.get("/")
    @guard
    def phones() -> str:
        """Every phone."""
        return render_template("sandbox/phones.html", phones=source.phones())

    @pages.get("/phones/<address>")
    @guard
    def phone(address: str) -> str:
        """One phone with its messages."""
        found = source.phone(address) or abort(404)
        return render_template("sandbox/phone.html", phone=found)

    @pages.get("/style.css")
    @guard
    def style() -> Response:
        """The style of these pages."""
        return Response(STYLE.read_text(encoding="utf-8"), mimetype="text/css")

    @pages.get(AUTHORIZE)
    @guard
    def authorize() -> Answer | str:
        """Choose who logs in; a choice goes back to the product with code and state."""
        return authorize_view(source, own_host=own_host)

    @pages.get("/subscribe")
    @guard
    def subscribe() -> Answer | str:
        """Choose who answers, and whether messages may come; then back to the page that asked."""
        return subscribe_view(source, own_host=own_host)

    return pages


def authorize_view(source: Source, *, own_host: bool) -> Answer | str:
    """WeChat's login page; 400 for an address or scope that WeChat would not take."""
    appid, back, scope = (request.args.get(name, "") for name in ("appid", "redirect_uri", "scope"))
    web = _way_back(back, own_host=own_host)
    if request.args.get("response_type") != "code" or scope not in SCOPES:
        abort(400)
    chosen = request.args.get("as")
    if not chosen:
        people = [one for one in source.phones() if appid in one["addresses"]]
        return render_template(
            "sandbox/authorize.html", people=people, appid=appid, query=request.args.to_dict()
        )
    snapshot = request.args.get("snapshot") == "1"
    granted = source.code(appid, chosen, scope=scope, snapshot=snapshot) or abort(400)
    if granted["oauth_host"] not in {"", web.netloc}:
        abort(400)
    joint = "&" if web.query else "?"
    more = urlencode({"code": granted["code"], "state": request.args.get("state", "")})
    return redirect(f"{back}{joint}{more}")


def subscribe_view(source: Source, *, own_host: bool) -> Answer | str:
    """The question that WeChat's subscribe button asks; query: appid, template_id, back."""
    appid, template, back = (request.args.get(name, "") for name in ("appid", "template_id", "back"))
    _way_back(back, own_host=own_host)
    said, chosen = request.args.get("answer", ""), request.args.get("as", "")
    if not chosen:
        people = [one for one in source.phones() if appid in one["addresses"]]
        return render_template(
            "sandbox/subscribe.html", people=people, appid=appid, query=request.args.to_dict()
        )
    if said not in ANSWERS or not source.consent(chosen, template, said=said):
        abort(400)
    return redirect(back)


def _way_back(address: str, *, own_host: bool) -> SplitResult:
    web = urlsplit(address)
    foreign = own_host and web.netloc != request.host
    if foreign or web.scheme not in {"http", "https"} or not web.netloc:
        abort(400)
    return web
