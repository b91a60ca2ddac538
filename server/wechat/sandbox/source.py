"""Where the phone pages get their data: from the state beside them, or over HTTP from the sandbox's process."""

from typing import Any, Protocol
from urllib.parse import quote

import requests

from server.core.errors import Unavailable
from server.wechat.sandbox.consents import say
from server.wechat.sandbox.login import new_code
from server.wechat.sandbox.model import State
from server.wechat.sandbox.phones import phone_view, phones_view

TIMEOUT_SECONDS = 5
NOT_FOUND = 404


class Source(Protocol):
    """What the pages ask for."""

    def phones(self) -> list[dict[str, Any]]:
        """Every phone."""

    def phone(self, address: str) -> dict[str, Any] | None:
        """One phone, or None."""

    def code(self, appid: str, address: str, *, scope: str, snapshot: bool) -> dict[str, str] | None:
        """A login code and the host it may be taken to, or None for an unknown account or person."""

    def consent(self, openid: str, template_id: str, *, said: str) -> bool:
        """Answer about a template; False for an unknown person or template."""


class LocalSource:
    """Reads the state of the sandbox in this process."""

    def __init__(self, state: State) -> None:
        self._state = state

    def phones(self) -> list[dict[str, Any]]:
        """Every phone."""
        with self._state.lock:
            return phones_view(self._state)

    def phone(self, address: str) -> dict[str, Any] | None:
        """One phone, or None."""
        with self._state.lock:
            person = self._state.phone(address)
            return phone_view(self._state, person) if person else None

    def code(self, appid: str, address: str, *, scope: str, snapshot: bool) -> dict[str, str] | None:
        """A login code and the host it may be taken to, or None."""
        with self._state.lock:
            account = self._state.accounts.get(appid)
            if account is None or self._state.person(appid, address) is None:
                return None
            text = new_code(self._state, appid, address, scope=scope, snapshot=snapshot)
            return {"code": text, "oauth_host": account.oauth_host}

    def consent(self, openid: str, template_id: str, *, said: str) -> bool:
        """Answer about a template; False for an unknown person or template."""
        try:
            with self._state.lock:
                say(self._state, openid, template_id, said=said)
        except KeyError:
            return False
        return True


class HttpSource:
    """Asks the sandbox's process at `base`; raises Unavailable while it is away."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/") + "/_sandbox/api"

    def phones(self) -> list[dict[str, Any]]:
        """Every phone."""
        found = self._ask("get", "/phones")
        return list(found["items"]) if found else []

    def phone(self, address: str) -> dict[str, Any] | None:
        """One phone, or None."""
        return self._ask("get", f"/phones/{quote(address, safe='')}")

    def code(self, appid: str, address: str, *, scope: str, snapshot: bool) -> dict[str, str] | None:
        """A login code and the host it may be taken to, or None."""
        return self._ask(
            "post", "/codes", {"appid": appid, "address": address, "scope": scope, "snapshot": snapshot}
        )

    def consent(self, openid: str, template_id: str, *, said: str) -> bool:
        """Answer about a template; False for an unknown person or template."""
        body = {"openid": openid, "template_id": template_id, "answer": said}
        return self._ask("post", "/consents", body) is not None

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        try:
            answer = requests.request(method, self._base + path, json=body, timeout=TIMEOUT_SECONDS)
            if answer.status_code == NOT_FOUND:
                return None
            answer.raise_for_status()
            return dict(answer.json())
        except (requests.RequestException, ValueError):
            raise Unavailable("演示用的微信没有启动，请稍后刷新。") from None
