"""WeChat inside the application: built once a process, when somebody first asks for it."""

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Flask, current_app

from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound
from server.notices.channels import Channel
from server.settings import Settings
from server.upkeep.stage import CHANNEL, DrillChannel
from server.wechat.config import WeChatConfig, from_settings
from server.wechat.content_check import ContentCheck
from server.wechat.events import Event
from server.wechat.gate import Gate
from server.wechat.store import DatabaseStore

if TYPE_CHECKING:
    from server.wechat.client import WeChat

# The imports within functions are on purpose: they bring wechatpy and requests, which would slow down every
# start and every command by half a second, and whose connections must be made after a server has forked.


class Line:
    """The accounts of one application; threads may share it, nothing is connected before the first use."""

    def __init__(self, app: Flask, config: WeChatConfig) -> None:
        self.config, self.gate = config, Gate()
        self._app, self._lock = app, threading.Lock()
        self._accounts: WeChat | None = None

    def accounts(self) -> "WeChat":
        """The clients, made now if they are not there yet."""
        with self._lock:
            if self._accounts is None:
                from server.wechat.client import connect

                self._accounts = connect(self.config, DatabaseStore(self._app))
            return self._accounts


class LateChannels(Mapping[str, Channel]):
    """The push channels by name, made when the first one is looked up."""

    def __init__(self, line: Line) -> None:
        self._line, self._made = line, dict[str, Channel]()

    def _channels(self) -> dict[str, Channel]:
        if not self._made:
            from server.wechat.channel import channels

            self._made = {**channels(self._line.accounts()), CHANNEL: DrillChannel()}
        return self._made

    def __getitem__(self, name: str) -> Channel:
        return self._channels()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._channels())

    def __len__(self) -> int:
        return len(self._channels())


def sandboxed(settings: Settings) -> bool:
    """Whether the sandbox stands in for WeChat; never in production, whatever the settings say."""
    return settings.demo and bool(settings.sandbox_base)


def config_for(settings: Settings) -> WeChatConfig:
    """The accounts to speak for: the sandbox's made-up ones, or those of the settings."""
    if not sandboxed(settings):
        return from_settings(settings)
    from server.wechat.sandbox import demo_config

    # A path alone: the login page stays on whichever address of ours the browser has come by.
    return demo_config(settings.sandbox_base.rstrip("/"), open_base="/_sandbox")


def install(app: Flask) -> None:
    """Give the application WeChat and its channels; in a demonstration also the pages at /_sandbox/."""
    settings: Settings = app.extensions["settings"]
    line = Line(app, config_for(settings))
    app.extensions["wechat"] = line
    app.extensions["channels"] = LateChannels(line)
    app.extensions["checker"] = ContentCheck(lambda: line.accounts().mini)
    if sandboxed(settings):
        from server.wechat.sandbox import HttpSource, create_pages

        app.register_blueprint(
            create_pages(HttpSource(settings.sandbox_base), guard=entry(PUBLIC), own_host=True)
        )


def config() -> WeChatConfig:
    """The running application's configuration; connects nothing."""
    line: Line = current_app.extensions["wechat"]
    return line.config


def accounts() -> "WeChat":
    """The running application's clients."""
    line: Line = current_app.extensions["wechat"]
    return line.accounts()


def gate() -> Gate:
    """What web requests of this process ask WeChat through."""
    line: Line = current_app.extensions["wechat"]
    return line.gate


def here(request_base: str) -> str:
    """Our own address, as WeChat knows it; a demonstration is at home wherever it is opened."""
    settings: Settings = current_app.extensions["settings"]
    return request_base.rstrip("/") if sandboxed(settings) else settings.base_url


def echoed(query: Mapping[str, str], *, now: datetime) -> str:
    """What to answer when WeChat verifies the callback's address; raises CallbackRefused, NotFound."""
    from server.wechat import callbacks

    return callbacks.echo(callbacks.Keys(_token(), config().mp_appid), query, now=now)


def opened(query: Mapping[str, str], body: bytes, *, now: datetime) -> Event:
    """The event in a push to the service account or the mini-program; raises CallbackRefused, NotFound."""
    from server.wechat import callbacks

    given, token = config(), _token()
    appids = [one for one in (given.mp_appid, given.mini_appid) if one]
    for appid in appids[:-1]:
        try:
            return callbacks.read(callbacks.Keys(token, appid, given.mp_aes_key), query, body, now=now)
        except callbacks.CallbackMalformed:
            raise
        except callbacks.CallbackRefused:
            continue  # the cipher may be addressed to the other account, which shares token and key
    return callbacks.read(callbacks.Keys(token, appids[-1], given.mp_aes_key), query, body, now=now)


def _token() -> str:
    given = config()
    if not (given.mp_token and (given.mp_appid or given.mini_appid)):
        raise NotFound("这里还没有开通微信消息推送。")
    return given.mp_token
