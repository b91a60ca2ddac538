"""The accounts at WeChat and WeCom that the product speaks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.settings import TENCENT_API, TENCENT_OPEN, TENCENT_WECOM, Settings, pairs


@dataclass(frozen=True)
class WeChatConfig:
    """Accounts, addresses and template ids by purpose; an empty appid means that account is not used."""

    mini_appid: str = ""
    mini_secret: str = field(default="", repr=False)
    mp_appid: str = ""
    mp_secret: str = field(default="", repr=False)
    mp_token: str = field(default="", repr=False)
    mp_aes_key: str = field(default="", repr=False)
    wecom_corpid: str = ""
    wecom_secret: str = field(default="", repr=False)
    wecom_agentid: str = ""
    wecom_robot_url: str = field(default="", repr=False)
    api_base: str = TENCENT_API
    open_base: str = TENCENT_OPEN
    wecom_api_base: str = TENCENT_WECOM
    mini_templates: Mapping[str, str] = field(default_factory=dict)
    mp_templates: Mapping[str, str] = field(default_factory=dict)
    subscribe_templates: Mapping[str, str] = field(default_factory=dict)


def from_settings(settings: Settings) -> WeChatConfig:
    """The configuration in the settings; templates are `mini.`, `mp.` or `sub.` plus the purpose."""
    templates = pairs(settings.wechat_templates)
    return WeChatConfig(
        mini_appid=settings.wechat_mini_appid,
        mini_secret=settings.wechat_mini_secret,
        mp_appid=settings.wechat_mp_appid,
        mp_secret=settings.wechat_mp_secret,
        mp_token=settings.wechat_mp_token,
        mp_aes_key=settings.wechat_mp_aes_key,
        wecom_corpid=settings.wecom_corpid,
        wecom_secret=settings.wecom_secret,
        wecom_agentid=settings.wecom_agentid,
        wecom_robot_url=settings.wecom_robot_url,
        api_base=settings.wechat_api_base,
        open_base=settings.wechat_open_base,
        wecom_api_base=settings.wecom_api_base,
        mini_templates=_of("mini.", templates),
        mp_templates=_of("mp.", templates),
        subscribe_templates=_of("sub.", templates),
    )


def _of(prefix: str, templates: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(prefix): one for name, one in templates.items() if name.startswith(prefix)}
