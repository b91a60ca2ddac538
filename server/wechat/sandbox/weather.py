"""WeChat's bad days by name, for tests, drills and demonstrations: what each plans for which paths."""

from datetime import datetime, timedelta
from typing import Any

from server.core.clock import local
from server.wechat.sandbox.model import Fault, State

TOKENS = ("/cgi-bin/stable_token", "/cgi-bin/gettoken", "/cgi-bin/token")
SENDS = (
    "/cgi-bin/message/template/send",
    "/cgi-bin/message/subscribe/send",
    "/cgi-bin/message/subscribe/bizsend",
    "/cgi-bin/message/send",
    "/cgi-bin/webhook/send",
)
EVERYWHERE = ("*",)
HANG_SECONDS, DRIP_SECONDS = 60.0, 1.0
MIDNIGHT = "midnight"
MODES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "fine": ((), {}),
    "down": (EVERYWHERE, {"down": True}),
    "error": (EVERYWHERE, {"status": 502}),
    "hang": (EVERYWHERE, {"delay": HANG_SECONDS}),
    "half_open": (EVERYWHERE, {"drip": DRIP_SECONDS}),
    "busy": (SENDS, {"errcode": -1}),
    "quota": (SENDS, {"errcode": 45009, "until": MIDNIGHT}),
    "bad_token": (SENDS, {"errcode": 40001}),
    "refused": (SENDS, {"errcode": 43101}),
    "bad_template": (SENDS, {"errcode": 47003}),
    "no_token": (TOKENS, {"down": True}),
}
CALLBACKS: dict[str, dict[str, Any]] = {
    "early": {"timing": "early", "copies": 1},
    "late": {"timing": "late", "delay": 30.0, "copies": 1},
    "twice": {"timing": "early", "copies": 2},
    "never": {"timing": "never", "copies": 1},
}


def midnight_after(now: datetime) -> datetime:
    """When Tencent's quotas begin anew."""
    day = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def turn(state: State, mode: str) -> int:
    """Behave like this from now on, in place of whatever was planned; raises KeyError for an unknown mode."""
    paths, plan = MODES[mode]
    until = {"until": midnight_after(state.now())} if plan.get("until") == MIDNIGHT else {}
    state.faults[:] = [Fault(path, times=None, **(plan | until)) for path in paths]
    return len(state.faults)


def call_back(state: State, mode: str) -> None:
    """Push events early, late, twice or never from now on; raises KeyError for an unknown mode."""
    changes = CALLBACKS[mode]
    if state.target is not None:
        for name, value in changes.items():
            setattr(state.target, name, value)
