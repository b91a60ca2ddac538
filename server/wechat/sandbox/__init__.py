"""A stand-in for WeChat and WeCom that speaks their wire over loopback and shows what arrived on each phone."""

from server.wechat.sandbox.app import create_sandbox
from server.wechat.sandbox.demo import demo_config, demo_openid, demo_userid
from server.wechat.sandbox.pages import create_pages
from server.wechat.sandbox.source import HttpSource

__all__ = ["HttpSource", "create_pages", "create_sandbox", "demo_config", "demo_openid", "demo_userid"]
