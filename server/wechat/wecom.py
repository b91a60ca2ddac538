"""WeCom: cards to one colleague through the application, texts to a group through its robot."""

from urllib.parse import parse_qsl, urlsplit

from server.notices.channels import RefusalKind
from server.wechat.account import Account, grant_in
from server.wechat.errors import WeChatRefused
from server.wechat.sdk import Wire
from server.wechat.tokens import Grant, TokenKeeper, TokenStore
from server.wechat.values import cut_bytes

TITLE_BYTES, DESCRIPTION_BYTES = 128, 512
TEXT_BYTES, MARKDOWN_BYTES = 2048, 4096
DUPLICATE_SECONDS = 600  # covers a repeat after a time-out, not a reminder of the same words
WEBHOOK = "/cgi-bin/webhook/send"
NOBODY = "invaliduser"
ROBOT_ADDRESS = "robot_address"


class WeCom:
    """Calls of the WeCom application."""

    def __init__(self, corpid: str, secret: str, agentid: str, *, wire: Wire, store: TokenStore) -> None:
        def fetch() -> Grant:
            query = [("corpid", corpid), ("corpsecret", secret)]
            return grant_in(wire.ask("get", "cgi-bin/gettoken", query), "access_token")

        self._agentid = int(agentid)
        # The agent's number keeps two applications of one corporation apart.
        self._account = Account(wire, TokenKeeper(store, f"{corpid}_{agentid}_access_token", fetch))

    def send_textcard(
        self, userid: str, *, title: str, description: str, url: str, button: str = "查看"
    ) -> str:
        """Send a card to one colleague; gives its number. Raises WeChatRefused, also for an unknown colleague."""
        card = {
            "title": cut_bytes(title, TITLE_BYTES),
            "description": cut_bytes(description, DESCRIPTION_BYTES),
            "url": url,
            "btntxt": button,
        }
        body = {
            "touser": userid,
            "agentid": self._agentid,
            "msgtype": "textcard",
            "textcard": card,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": DUPLICATE_SECONDS,
        }
        answer = self._account.call("post", "cgi-bin/message/send", body=body)
        if answer.get("invaliduser") or answer.get("unlicenseduser"):  # named beside errcode 0
            raise WeChatRefused(NOBODY, RefusalKind.FINAL)
        return str(answer.get("msgid") or "")


class Robot:
    """A group's robot; its address holds a key and is a secret."""

    def __init__(self, address: str, *, wire: Wire, base: str) -> None:
        parts = urlsplit(address)
        ours = urlsplit(base)
        keys = dict(parse_qsl(parts.query))
        if (
            (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc)
            or parts.path != WEBHOOK
            or not keys.get("key")
        ):
            raise WeChatRefused(ROBOT_ADDRESS, RefusalKind.FINAL)
        self._key, self._wire = keys["key"], wire

    def send_text(self, text: str) -> None:
        """Post plain text, cut to 2,048 bytes; 20 a minute. Raises WeChatRefused."""
        self._send({"msgtype": "text", "text": {"content": cut_bytes(text, TEXT_BYTES)}})

    def send_markdown(self, text: str) -> None:
        """Post markdown, cut to 4,096 bytes; for words of ours alone, never a resident's."""
        self._send({"msgtype": "markdown", "markdown": {"content": cut_bytes(text, MARKDOWN_BYTES)}})

    def _send(self, body: dict[str, object]) -> None:
        self._wire.ask("post", WEBHOOK, [("key", self._key)], body=body)
