"""`/b/status`: 系统是否正常, a light each and a plain sentence; live, so that it also tells when the workers are silent."""

from typing import Any

from flask import Blueprint, current_app

from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.seeing.facts import gather
from server.seeing.light import ALARM, INFO, OK, WARN
from server.seeing.lights import lights
from server.seeing.rules import stuck_span
from server.settings import Settings
from server.web.bureau.shell import page

pages = Blueprint("status", __name__)
TAGS = {
    OK: ("正常", OK, "tick"),
    WARN: ("留意", WARN, "triangle"),
    ALARM: ("有问题", ALARM, "cross"),
    INFO: ("未启用", INFO, "ring"),
}


@pages.get("/b/status")
@entry(Role.BUREAU, Role.ADMIN)
def show() -> str:
    """Lights on the whole installation; pushes and clocks are those of the asker's own county."""
    settings: Settings = current_app.extensions["settings"]
    facts = gather(settings, now=clock.now())
    found = lights(facts, stuck_after=stuck_span(settings.alarm_after_minutes))
    worst = next((tone for tone in (ALARM, WARN) if any(one.tone == tone for one in found)), OK)
    return page("status", rows=[_shown(one) for one in found], worst=worst, at=facts.now)


def _shown(light: Any) -> dict[str, Any]:
    return {
        "title": light.title,
        "tag": TAGS[light.tone],
        "tone": light.tone,
        "words": light.words,
        "remedy": light.remedy,
    }
