"""The operators' group: told by its robot at WeCom, or by the sandbox's in a demonstration."""

from flask import current_app

from server.settings import Settings
from server.wechat.plug import accounts, sandboxed


def has_group(settings: Settings) -> bool:
    """Whether there is a group to tell."""
    return bool(settings.alarm_robot_url) or sandboxed(settings)


def tell_group(text: str) -> None:
    """Post a text to the group; its robot's address must be WeCom's own. Raises Refused."""
    settings: Settings = current_app.extensions["settings"]
    accounts().robot(settings.alarm_robot_url).send_text(text)
