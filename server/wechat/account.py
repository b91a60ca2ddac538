"""One account on the wire: its token goes along, and an expired one is renewed at most once a call."""

from collections.abc import Callable, Mapping
from typing import IO, Any, TypeVar

from server.notices.channels import RefusalKind
from server.wechat.errors import MALFORMED, WeChatRefused
from server.wechat.sdk import Params, Wire
from server.wechat.tokens import Grant, TokenKeeper

T = TypeVar("T")


class Account:
    """Calls that need the account's token."""

    def __init__(self, wire: Wire, token: TokenKeeper) -> None:
        self._wire, self._token = wire, token

    def call(
        self,
        method: str,
        path: str,
        params: Params = (),
        *,
        body: Mapping[str, Any] | None = None,
        file: tuple[str, IO[bytes]] | None = None,
    ) -> dict[str, Any]:
        """The JSON answered; tries twice when the token is refused, once otherwise. Raises WeChatRefused."""
        pairs = list(params)

        def ask(token: str) -> dict[str, Any]:
            if file is not None:
                file[1].seek(0)  # a first try has read it to its end
            return self._wire.ask(method, path, [("access_token", token), *pairs], body=body, file=file)

        return self._twice(ask)

    def download(self, path: str, params: Params) -> tuple[str, bytes]:
        """Content type and bytes of a file; raises WeChatRefused, also where JSON came instead."""
        pairs = list(params)
        return self._twice(lambda token: self._file(path, [("access_token", token), *pairs]))

    def _twice(self, ask: Callable[[str], T]) -> T:
        """Once more with another token where the first is refused; where that is refused too, the account is."""
        token = self._token.value()
        try:
            return ask(token)
        except WeChatRefused as refused:
            if refused.kind is not RefusalKind.REFRESH:
                raise
        try:
            return ask(self._token.renewed(token))
        except WeChatRefused as refused:
            if refused.kind is not RefusalKind.REFRESH:
                raise
            ours = WeChatRefused(refused.code, RefusalKind.PAUSE, rid=refused.rid)
        raise ours

    def _file(self, path: str, params: Params) -> tuple[str, bytes]:
        answer = self._wire.fetch(path, params)
        if isinstance(answer, dict):
            raise WeChatRefused(MALFORMED, RefusalKind.FINAL)
        return answer.headers.get("Content-Type", ""), answer.content


def stable_grant(wire: Wire, *, appid: str, secret: str) -> Grant:
    """A token by stable_token, which hands out the same one to every process; raises WeChatRefused."""
    body = {"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": False}
    return grant_in(wire.ask("post", "cgi-bin/stable_token", body=body), "access_token")


def grant_in(answer: Mapping[str, Any], name: str) -> Grant:
    """The grant called `name` in an answer; raises WeChatRefused when it is not there."""
    value, seconds = answer.get(name), answer.get("expires_in")
    if not isinstance(value, str) or not value or not isinstance(seconds, int):
        raise WeChatRefused(MALFORMED, RefusalKind.RETRY)
    return Grant(value, seconds)


def text_in(answer: Mapping[str, Any], name: str) -> str:
    """A text that an answer must hold; raises WeChatRefused when it is not there."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise WeChatRefused(MALFORMED, RefusalKind.RETRY)
    return value
