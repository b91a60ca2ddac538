"""A sandbox on a loopback port, clients that talk to it, and a clock that tests move."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import requests
from flask import Flask
from werkzeug.serving import BaseWSGIServer

from server.wechat.client import TIMEOUT_SECONDS, WeChat, connect
from server.wechat.config import WeChatConfig
from server.wechat.sandbox.app import create_sandbox
from server.wechat.sandbox.demo import MINI_APPID, MP_APPID, demo_config, demo_openid, demo_state
from server.wechat.sandbox.model import Account, State
from server.wechat.sandbox.serve import sandbox_server
from server.wechat.sdk import Timeout
from server.wechat.tokens import MemoryStore

START = datetime(2026, 3, 1, 7, 1, tzinfo=UTC)
SHORT = (1.0, 0.5)
"""For a server that is to be given up; everything else waits as the product does."""


def serve(app: Flask) -> BaseWSGIServer:
    """A running server on a free port below 32768."""
    choice = Random()
    for _ in range(50):
        try:
            server = sandbox_server(app, port=choice.randrange(20000, 32000))
        except (OSError, SystemExit):
            continue
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server
    raise RuntimeError("no free port")


@dataclass
class Box:
    """A running sandbox and the handles a test needs."""

    base: str
    state: State
    times: list[datetime] = field(default_factory=list)
    store: MemoryStore = field(default_factory=MemoryStore)

    @property
    def config(self) -> WeChatConfig:
        return demo_config(self.base)

    def wechat(self, *, timeout: Timeout = TIMEOUT_SECONDS) -> WeChat:
        return connect(self.config, self.store, timeout=timeout)

    def account(self, appid: str) -> Account:
        return self.state.accounts[appid]

    def fault(self, path: str, **plan: Any) -> None:
        answer = requests.post(f"{self.base}/_sandbox/faults", json={"path": path, **plan}, timeout=5)
        assert answer.status_code == 200

    def api(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = requests.request(method, f"{self.base}/_sandbox/api{path}", json=body, timeout=5)
        assert answer.status_code == 200
        return dict(answer.json())

    def forward(self, seconds: float) -> None:
        self.state.shift += timedelta(seconds=seconds)

    def paths(self) -> list[str]:
        return [call["path"] for call in self.state.calls]

    def code(self, appid: str, person: str = "resident-1", **more: Any) -> str:
        body = {"appid": appid, "address": demo_openid(appid, person), **more}
        return str(self.api("post", "/codes", body)["code"])


@pytest.fixture
def box() -> Iterator[Box]:
    state = demo_state(lambda: START)
    server = serve(create_sandbox(state, clock=lambda: START))
    try:
        yield Box(f"http://127.0.0.1:{server.port}", state)
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def mini_openid() -> str:
    return demo_openid(MINI_APPID, "resident-1")


@pytest.fixture
def mp_openid() -> str:
    return demo_openid(MP_APPID, "manager-1")
