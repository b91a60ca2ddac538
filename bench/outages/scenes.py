"""The bad days one by one; each gives its figures."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import func, select, text, update

from bench.figures import Figure, at_most
from bench.outages.stage import BEGIN, SECOND, TICK, Stage
from server.core.db import db
from server.escalation.models import FeedEntry
from server.notices.channels import Message, RefusalKind, Refused, Sent
from server.notices.fairness import share_out
from server.notices.models import Push
from server.wechat.client import WeChat
from tests.notices.desk import filed
from tests.world import add_estate

OUTAGE, ORDINARY, ORDINARY_SECONDS = timedelta(hours=6), 50, 60
UNTIL_MORNING, STEP = timedelta(hours=21, minutes=30), timedelta(minutes=10)
"""From the stage's beginning at ten to the end of the quiet hours."""
GROUPS = 2
MINUTES = timedelta(minutes=5)
TOKEN = "/cgi-bin/stable_token"
FLOOD_A_SECOND = 50


def _told(occasion: str) -> int:
    query = select(func.count()).select_from(FeedEntry).where(FeedEntry.occasion.startswith(occasion))
    return int(db.session.scalar(query) or 0)


def _unalarmed(dead: int) -> int:
    """Dead pushes of staff that the feed has not been told of."""
    noticed = select(func.count()).select_from(Push).where(Push.state == "dead", Push.noticed_at.is_not(None))
    return dead - int(db.session.scalar(noticed) or 0)


def outage(stage: Stage, size: int) -> Iterator[Figure]:
    """WeChat is away for six hours, then an ordinary load of 50 a second meets what has piled up."""
    alone = stage.bind("ys.hill.manager", "mp_template")
    either = stage.bind("ys.lake.manager", "mp_template", "wecom_app")
    stage.weather("down")
    stage.state.faults[0].path = "/cgi-bin/message/template/send"
    stage.state.faults.append(type(stage.state.faults[0])(TOKEN, times=None, down=True))
    each = max(size // (OUTAGE // MINUTES), 1)
    written = 0
    for turn in range(OUTAGE // MINUTES):
        written += len(stage.write((alone, either)[turn % 3 == 0], each))
        stage.forward(MINUTES, step=MINUTES)
    before = stage.states()
    stage.weather("fine")
    while not stage.work() and stage.channels["mp_template"].calls[stage.now] == 0:
        stage.now += SECOND
        stage.tick()
    over = stage.now
    for _ in range(ORDINARY_SECONDS):
        written += len(stage.write(alone, ORDINARY))
        stage.forward(SECOND, step=SECOND)
    while stage.states()["pending"] and stage.now < over + timedelta(hours=6):
        stage.forward(TICK, step=SECOND)
    after, rates = stage.states(), stage.calls("mp_template")
    peak = max((count for at, count in rates.items() if at >= over), default=0)
    tries = sum(count for at, count in rates.items() if at < over)
    share = after["sent"] / written
    more: dict[str, Any] = {"waited": before["pending"], "passed": after["passed"], "calls_while_away": tries}
    name = "six hours without WeChat"
    yield at_most(f"{name}: not delivered", 1 - share, 0, times=1, unit="share", n=written, **more)
    yield at_most(f"{name}: peak at recovery", peak, ORDINARY, times=2, unit="calls/s", n=written)
    yield at_most(f"{name}: dead", after["dead"], 0, times=1, unit="pushes", n=written)
    told = _told("channel_down:mp_template")
    yield at_most(f"{name}: not on the feed", int(not told), 0, times=1, unit="alarms", n=written)


def quota(stage: Stage, size: int) -> Iterator[Figure]:
    """45009 until midnight with thousands queued, none of them urgent: they go in the morning."""
    stage.weather("quota")
    stage.write(stage.bind("ys.hill.manager", "mp_template"), size)
    stage.work()
    burnt = select(func.count()).select_from(Push).where(Push.state == "pending", Push.attempts > 0)
    attempts = int(db.session.scalar(burnt) or 0)
    called = sum(stage.calls("mp_template").values())
    stage.forward(UNTIL_MORNING - STEP, step=STEP)
    by_night = sum(stage.calls("mp_template").values()) - called
    while stage.states()["pending"] and stage.now < BEGIN + timedelta(days=2):
        stage.forward(TICK, step=SECOND)
    after, rates = stage.states(), stage.calls("mp_template")
    done = (stage.now - BEGIN - UNTIL_MORNING) / SECOND
    name = "45009 until midnight"
    more = {"calls_before_midnight": called, "seconds_in_the_morning": done, "peak": max(rates.values())}
    yield at_most(f"{name}: phones rung by night", by_night, 0, times=1, unit="calls", n=size)
    yield at_most(f"{name}: dead", after["dead"], 0, times=1, unit="pushes", n=size, **more)
    yield at_most(f"{name}: not sent", size - after["sent"], 0, times=1, unit="pushes", n=size)
    yield at_most(f"{name}: attempts burnt", attempts, 0, times=1, unit="attempts", n=size)


def refused(stage: Stage, size: int) -> Iterator[Figure]:
    """43101 and 47003: no retry, the next channel."""
    for mode in ("refused", "bad_template"):
        stage.weather(mode)
        for fault in stage.state.faults:
            fault.path = "/cgi-bin/message/template/send" if "template/send" in fault.path else "-"
        before = stage.states(), sum(stage.calls("mp_template").values())
        stage.now += SECOND
        stage.write(stage.bind("ys.lake.manager", "mp_template", "wecom_app"), size)
        for _ in range(3):
            stage.forward(TICK, step=SECOND)
        calls = sum(stage.calls("mp_template").values()) - before[1]
        passed = stage.states()["passed"] - before[0]["passed"]
        fallen = stage.states()["sent"] - before[0]["sent"]
        yield at_most(f"{mode}: retries", calls - size, 0, times=1, unit="calls", n=size, passed=passed)
        yield at_most(f"{mode}: without fallback", size - fallen, 0, times=1, unit="pushes", n=size)
        stage.bind("ys.lake.manager", "mp_template")
        db.session.execute(text("UPDATE address SET target_index = id::text"))
        db.session.commit()


def tokens(stage: Stage, size: int) -> Iterator[Figure]:
    """A hundred under way when the token goes bad: renewed for all of them; then refused for ever."""
    groups = [stage.wechat() for _ in range(GROUPS)]
    template = stage.wechat().config.mp_templates["progress"]
    values = {"character_string1": "T-1", "thing2": "演练", "phrase3": "测试", "thing4": "演练"}
    openid = stage.state.people[2].addresses[groups[0].config.mp_appid]
    for one in groups:
        _send(one, openid, template, values, "warm")
    with stage.state.lock:
        stage.state.tokens.clear()
        stage.state.calls.clear()
    gate = Barrier(size)

    def send(n: int) -> bool:
        gate.wait()
        return _send(groups[n % GROUPS], openid, template, values, str(n))

    with ThreadPoolExecutor(size) as pool:
        sent = sum(pool.map(send, range(size)))
    fetched = sum(call["path"] == TOKEN for call in list(stage.state.calls))
    yield at_most("40001 under way: refreshes", fetched, 2, times=1, unit="refreshes", n=size)
    yield at_most("40001 under way: lost", size - sent, 0, times=1, unit="messages", n=size)
    yield from _for_ever(stage, size)


def _send(wechat: WeChat, openid: str, template: str, values: dict[str, str], key: str) -> bool:
    """Whether WeChat has taken a message."""
    try:
        account = wechat.mp
        return account is not None and bool(
            account.template_send(openid, template, values, url="http://a.example", key=key)
        )
    except Refused:
        return False


def _for_ever(stage: Stage, size: int) -> Iterator[Figure]:
    stage.weather("bad_token")
    stage.state.calls.clear()
    stage.write(stage.bind("ys.hill.manager", "mp_template"), size)
    stage.work()
    fetched = sum(call["path"] == TOKEN for call in list(stage.state.calls))
    stage.tick()
    told = _told("channel_down:mp_template")
    yield at_most("40001 for ever: refreshes", fetched, 2, times=1, unit="refreshes", n=size)
    yield at_most("40001 for ever: not on the feed", int(not told), 0, times=1, unit="alarms", n=size)
    stage.weather("fine")
    while stage.states()["pending"] and stage.now < BEGIN + timedelta(days=1):
        stage.forward(TICK, step=SECOND)
    yield at_most("40001 for ever: lost", size - stage.states()["sent"], 0, times=1, unit="pushes", n=size)


class Poisoned:
    """A channel that one message breaks."""

    name = "mp_template"

    def __init__(self, inner: Any, push_id: int) -> None:
        self._inner, self._key = inner, f"push-{push_id}"

    def send(self, address: str, message: Message) -> Sent:
        """As the channel does, but for the one."""
        if message.key == self._key:
            raise Refused("http_500", RefusalKind.RETRY)
        sent: Sent = self._inner.send(address, message)
        return sent


def poison(stage: Stage, size: int) -> Iterator[Figure]:
    """One message among a thousand that never goes through."""
    ids = stage.write(stage.bind("ys.hill.manager", "mp_template"), size)
    stage.channels = {"mp_template": Poisoned(stage.channels["mp_template"], ids[size // 2])}
    stage.work()
    sent = stage.states()["sent"]
    while stage.states()["pending"] and stage.now < BEGIN + timedelta(days=4):
        stage.forward(timedelta(minutes=10), step=timedelta(minutes=10))
    stage.tick()
    dead = stage.states()["dead"]
    yield at_most("poison: others not sent", size - 1 - sent, 0, times=1, unit="pushes", n=size, dead=dead)
    yield at_most("poison: dead without an alarm", _unalarmed(dead), 0, times=1, unit="pushes", n=size)


def flood(stage: Stage, size: int) -> Iterator[Figure]:
    """One estate's thousands at once and ten of others meanwhile, served at fifty a second of the clock in hand."""
    person = stage.bind("ys.hill.manager", "mp_template")
    own = filed(stage.world, "ys.hill", key="f" * 32)
    lone = []
    for n in range(10):
        add_estate(stage.world, f"ys.few{n}", "ys.community", f"小区{n}号院", None)
        lone.append(filed(stage.world, f"ys.few{n}", key=f"{n:032}").id)
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    db.session.execute(update(Push).values(state="cancelled"))
    stage.write(person, size, report_id=own.id)
    luck, came, took = random.Random(4), dict[int, datetime](), list[float]()
    due = sorted(luck.randrange(int(size / FLOOD_A_SECOND * 0.9)) for _ in lone)
    worker = db.session.scalar(text("SELECT procrastinate_register_worker_v1()"))
    for second in range(size // FLOOD_A_SECOND):
        stage.now = BEGIN + second * SECOND
        for report_id in [lone[place] for place, at in enumerate(due) if at == second]:
            came |= dict.fromkeys(stage.write(person, 1, report_id=report_id), stage.now)
        if second % 3 == 2:
            share_out(stage.now + timedelta(days=365))
            db.session.commit()
        took += _serve(stage, worker, came)
    took += [float(size)] * (len(lone) - len(took))
    slow = sorted(took)[int(len(took) * 0.95 - 0.5)]
    yield at_most("one estate floods: others' p95", slow, 10, times=1, unit="s", n=size, slowest=max(took))


def _serve(stage: Stage, worker: Any, came: dict[int, datetime]) -> list[float]:
    took = []
    fetch = "SELECT (args ->> 'push_id')::bigint FROM procrastinate_fetch_job_v2(ARRAY['push'], :worker)"
    for nth in range(FLOOD_A_SECOND):
        push_id = db.session.scalar(text(fetch), {"worker": worker})
        if push_id in came:
            took.append((stage.now - came[push_id]) / SECOND + nth / FLOOD_A_SECOND)
    db.session.commit()
    return took
