"""All accounts of one configuration, each None where it is not set up; build once a process, after the fork."""

from dataclasses import dataclass, field

from server.wechat.config import WeChatConfig
from server.wechat.mini import MiniProgram
from server.wechat.mp import ServiceAccount
from server.wechat.sdk import Timeout, Wire
from server.wechat.tokens import TokenStore
from server.wechat.wecom import Robot, WeCom

TIMEOUT_SECONDS: Timeout = (3.0, 5.0)


@dataclass(frozen=True)
class WeChat:
    """The clients; threads may share them."""

    config: WeChatConfig
    mini: MiniProgram | None
    mp: ServiceAccount | None
    wecom: WeCom | None
    robots: Wire = field(repr=False)

    def robot(self, address: str = "") -> Robot:
        """The robot at a webhook address, or the configured one; raises WeChatRefused for a foreign address."""
        base = self.config.wecom_api_base
        return Robot(address or self.config.wecom_robot_url, wire=self.robots, base=base)


def connect(config: WeChatConfig, store: TokenStore, *, timeout: Timeout = TIMEOUT_SECONDS) -> WeChat:
    """Clients for what is configured; nothing is fetched before the first call. `timeout`: connect, read."""
    wechat, wecom = Wire(config.api_base, timeout=timeout), Wire(config.wecom_api_base, timeout=timeout)
    return WeChat(
        config=config,
        mini=MiniProgram(config.mini_appid, config.mini_secret, wire=wechat, store=store)
        if config.mini_appid
        else None,
        mp=ServiceAccount(
            config.mp_appid, config.mp_secret, wire=wechat, store=store, open_base=config.open_base
        )
        if config.mp_appid
        else None,
        wecom=WeCom(config.wecom_corpid, config.wecom_secret, config.wecom_agentid, wire=wecom, store=store)
        if config.wecom_corpid and config.wecom_agentid.isdigit()
        else None,
        robots=wecom,
    )
