"""How the operators' group is told: by its robot at WeCom, or by the sandbox's in a demonstration."""

from flask import Flask

from server.core import clock
from server.seeing import alarms, jobs
from server.settings import Settings
from server.wechat import plug as wechat


def robot_set(settings: Settings) -> bool:
    """Whether there is a group to tell."""
    return bool(settings.alarm_robot_url) or wechat.sandboxed(settings)


def send(app: Flask, text: str) -> None:
    """Post a text to the group; the address must be WeCom's own. Raises Refused."""
    settings: Settings = app.extensions["settings"]
    line: wechat.Line = app.extensions["wechat"]
    line.accounts().robot(settings.alarm_robot_url).send_text(text)


def plug(app: Flask) -> None:
    """Say how the job tells the group; without a group alarms stay on their pages."""

    def say() -> None:
        with app.app_context():
            alarms.say(lambda text: send(app, text), now=clock.now())

    app.extensions["alarm_group"] = robot_set(app.extensions["settings"])
    jobs.plug(say)
