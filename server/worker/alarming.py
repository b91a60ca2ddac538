"""How the job of the alarms tells the operators' group."""

from flask import Flask

from server.core import clock
from server.seeing import alarms, jobs
from server.wechat.group import has_group, tell_group


def plug(app: Flask) -> None:
    """Say how the job tells the group; without a group alarms stay on their pages."""

    def say() -> None:
        with app.app_context():
            alarms.say(tell_group, now=clock.now())

    app.extensions["alarm_group"] = has_group(app.extensions["settings"])
    jobs.plug(say)
