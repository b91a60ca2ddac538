"""The first look at every request, before anything of it is read: how large, and whether its address is text."""

from urllib.parse import unquote_to_bytes

from flask import current_app, request

from server.core.errors import HouseError, Invalid, NotFound, TooLarge
from server.core.text import FORBIDDEN, WRONG

JSON_MOST = 64 * 1024
FORM_MOST = 1024 * 1024
"""Bytes of a body without files: of the API, of a form."""
FORM = "application/x-www-form-urlencoded"
QUERY_MOST = 4000
ARGUMENTS_MOST = 60


class TooLong(HouseError):
    """An address that no page of ours leads to."""

    status, code, title = 414, "uri_too_long", "网址太长"


def check() -> None:
    """Bound the body, and refuse an address with characters that are no text. Raises a house error."""
    limit_body()
    check_path()
    check_query()
    if request.mimetype == FORM:
        check_bytes(request.get_data(cache=True, parse_form_data=False), "表单")


def limit_body() -> None:
    """A body may be small, unless the route says that it takes files. Raises TooLarge before anything is read."""
    view = current_app.view_functions.get(request.endpoint or "")
    usual = JSON_MOST if request.path.startswith("/api/") else FORM_MOST
    most = request.max_content_length = getattr(view, "__files__", usual)
    if (request.content_length or 0) > most:
        raise TooLarge("发送的内容太大了，请减少一些再试。")


def check_path() -> None:
    """The parts of the path that views are given are text. Raises NotFound.

    Scan codes are left to their own reader, which answers every wrong one alike.
    """
    for name, part in (request.view_args or {}).items():
        if isinstance(part, str) and name != "code" and FORBIDDEN.search(part):
            raise NotFound("没有找到这个页面。请检查网址，或重新扫码。")


def check_bytes(quoted: bytes, where: str) -> None:
    """What the percent signs stand for is UTF-8, and would not be kept as signs. Raises HouseError (400)."""
    try:
        unquote_to_bytes(quoted).decode()
    except UnicodeDecodeError as fault:
        raise HouseError(
            f"{where}里有不是文字的内容（UTF-8 编码），请重新输入。", code="malformed"
        ) from fault


def check_query() -> None:
    """The query is short, and text in UTF-8. Raises TooLong or Invalid with the fields."""
    if not request.query_string:
        return
    if len(request.query_string) > QUERY_MOST or len(request.args) > ARGUMENTS_MOST:
        raise TooLong("网址太长了，请回到上一页，从页面上的链接打开。")
    check_bytes(request.query_string, "网址")
    pairs = request.args.items(multi=True)
    wrong = [FORBIDDEN.sub("", name)[:40] for name, text in pairs if FORBIDDEN.search(name + text)]
    if wrong:
        raise Invalid(f"网址里{WRONG}", fields=dict.fromkeys(wrong, WRONG))
