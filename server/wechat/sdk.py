"""The one file that imports wechatpy: its requests, signatures and AES, wrapped against its measured faults."""

import hmac
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any
from urllib.parse import urlsplit

import requests
import xmltodict
from wechatpy.client.api import WeChatJSAPI
from wechatpy.client.base import BaseWeChatClient
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import WeChatClientException
from wechatpy.utils import WeChatSigner

from server.notices.channels import RefusalKind
from server.wechat.deadline import Punctual
from server.wechat.errors import MALFORMED, NETWORK, TIMEOUT, WeChatRefused, classify_status, refusal
from server.wechat.quiet import hush

Timeout = tuple[float, float]
Params = Iterable[tuple[str, str]]
CONNECTIONS = 32
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
RID = re.compile(r"rid: ?([0-9a-f][0-9a-f-]{7,63})")


class Unreadable(Exception):
    """A callback's body or cipher that cannot be read."""


class Wire(BaseWeChatClient):  # type: ignore[misc]
    """One host's wire: base address, time-outs, JSON; knows no token and tries once.

    A call ends after the sum of both time-outs (connect, read), however its answer drips.
    """

    def __init__(self, base: str, *, timeout: Timeout) -> None:
        super().__init__("", timeout=timeout, auto_retry=False)
        self.API_BASE_URL = base.rstrip("/") + "/"
        for scheme in ("https://", "http://"):
            self._http.mount(scheme, Punctual(sum(timeout), pool_maxsize=CONNECTIONS))
        self._http.trust_env = urlsplit(base).hostname not in LOOPBACK
        hush()

    def ask(
        self,
        method: str,
        path: str,
        params: Params = (),
        *,
        body: Mapping[str, Any] | None = None,
        file: tuple[str, IO[bytes]] | None = None,
    ) -> dict[str, Any]:
        """The JSON object answered; raises WeChatRefused, which holds no address and no cause."""
        answer = self._answer(method, path, params, body=body, file=file)
        if not isinstance(answer, dict):
            raise WeChatRefused(MALFORMED, RefusalKind.RETRY)
        return answer

    def fetch(self, path: str, params: Params) -> requests.Response | dict[str, Any]:
        """A download: the raw response, or the JSON object where one came instead; raises WeChatRefused."""
        answer = self._answer("get", path, params, body=None, file=None)
        if isinstance(answer, requests.Response | dict):
            return answer
        raise WeChatRefused(MALFORMED, RefusalKind.RETRY)

    def _answer(self, method: str, path: str, params: Params, *, body: Any, file: Any) -> Any:
        sent: dict[str, Any] = {"data": dict(body)} if body is not None else {}
        if file is not None:
            sent["files"] = {"media": file}
        try:
            # A list of parameters keeps wechatpy from adding a token of its own; a redirect would carry ours away.
            return self._request(method, path.lstrip("/"), params=list(params), allow_redirects=False, **sent)
        except WeChatClientException as fault:
            refused = _refusal(fault)
        except requests.Timeout:
            refused = WeChatRefused(TIMEOUT, RefusalKind.RETRY)
        except requests.RequestException:
            refused = WeChatRefused(NETWORK, RefusalKind.RETRY)
        except (TypeError, ValueError):
            refused = WeChatRefused(MALFORMED, RefusalKind.RETRY)
        # Raised out here, the refusal has no context: the causes carry addresses with tokens in them.
        raise refused


def _refusal(fault: Any) -> WeChatRefused:
    if fault.errcode is None:
        status = fault.response.status_code
        return WeChatRefused(f"http_{status}", classify_status(status))
    rid = RID.search(str(fault.errmsg))
    return refusal(int(fault.errcode), rid=rid.group(1) if rid else "")


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, as WeChat signs its callbacks."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def signed(given: str, *parts: str) -> bool:
    """Whether `given` is the signature of the parts; takes the same time either way."""
    return hmac.compare_digest(given.encode(), signature(*parts).encode())


def jsapi_signature(*, ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """The JS-SDK signature of a page address without its fragment."""
    return str(WeChatJSAPI().get_jsapi_signature(nonce, ticket, timestamp, url))


def decrypt(cipher: str, *, aes_key: str, appid: str) -> str:
    """The plain text of an Encrypt field addressed to `appid`; raises Unreadable."""
    try:
        key = WeChatCrypto("", aes_key, appid).key
        return str(PrpCrypto(key).decrypt(cipher, appid))
    except Exception:  # noqa: BLE001 - malformed ciphers surface as a dozen kinds of errors
        fault = Unreadable("the cipher cannot be read")
    raise fault


def parse_xml(text: str) -> dict[str, Any]:
    """The fields of a callback in XML; document types are refused. Raises Unreadable."""
    if "<!doctype" in text.lower():
        raise Unreadable("document types are not taken")
    try:
        # wechatpy's own parser; its parse_message would want a MsgType and give events their old shapes.
        return dict(xmltodict.parse(text)["xml"])
    except Exception:  # noqa: BLE001 - malformed XML surfaces as a dozen kinds of errors
        fault = Unreadable("the XML cannot be read")
    raise fault
