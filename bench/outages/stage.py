"""A town, a sandbox in WeChat's place, and a clock that is moved: the queue's jobs are done as a worker would."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select, text, update

from bench.servers import free_port
from server.app import create_app
from server.core import embedded, jobs
from server.core.crypto import vault
from server.core.db import db
from server.escalation.alarms import notice_dead_pushes
from server.escalation.channels import watch_channels
from server.launch import ROOT
from server.notices.channels import Channel, Message, Sent
from server.notices.compose import register
from server.notices.dispatch import deliver_push, wake_due_pushes
from server.notices.jobs import push as push_job
from server.notices.models import Address, Push
from server.notices.releasing import release_parked
from server.settings import Settings
from server.wechat.channel import channels
from server.wechat.client import WeChat, connect
from server.wechat.sandbox.app import create_sandbox
from server.wechat.sandbox.demo import MP_APPID, demo_config, demo_openid, demo_state
from server.wechat.sandbox.model import State
from server.wechat.sandbox.serve import sandbox_server
from server.wechat.sandbox.weather import turn
from server.wechat.sdk import Timeout
from server.wechat.store import DatabaseStore
from tests.world import YISHUI, World, build

BEGIN = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
TIMEOUT = (1.0, 3.0)
SECOND, TICK = timedelta(seconds=1), timedelta(seconds=10)
PURPOSE, DATABASE = "outage", "outages"
TARGETS = {
    "mp_template": demo_openid(MP_APPID, "manager-1"),
    "mp_subscribe": demo_openid(MP_APPID, "manager-1"),
    "wecom_app": "manager-1",
}
TAKE = text("""
DELETE FROM procrastinate_jobs WHERE task_name = 'push' AND status = 'todo'
AND (scheduled_at IS NULL OR scheduled_at <= :now)
RETURNING COALESCE((args ->> 'push_id')::bigint, (args -> 'push_ids' ->> 0)::bigint), priority, id
""")


def words(push: Push) -> Message:
    """A message that every template takes, different for every push."""
    lines = (("状态", "测试"), ("时间", "2026年11月18日 10:00"), ("说明", "演练"))
    return Message(
        f"push-{push.id}", "progress", f"演练 {push.id}", lines, f"http://a.example/{push.id}", "T-1"
    )


@dataclass
class Counting:
    """A channel whose calls are counted by the second of the stage's clock."""

    inner: Channel
    stage: "Stage"
    calls: Counter[datetime] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """As the channel's."""
        return self.inner.name

    def send(self, address: str, message: Message) -> Sent:
        """As the channel does."""
        self.calls[self.stage.now] += 1
        return self.inner.send(address, message)


@dataclass
class Stage:
    """Everything that a scene needs."""

    app: Flask
    world: World
    base: str
    state: State = field(default_factory=lambda: demo_state(lambda: BEGIN))
    now: datetime = BEGIN
    channels: Mapping[str, Any] = field(default_factory=dict)

    def weather(self, mode: str) -> None:
        """Another day at WeChat's."""
        turn(self.state, mode)

    def wechat(self, *, timeout: Timeout = TIMEOUT) -> WeChat:
        """The clients of one process."""
        return connect(demo_config(self.base), DatabaseStore(self.app), timeout=timeout)

    def reach(self, wechat: WeChat) -> None:
        """Send by these clients from now on."""
        self.channels = {name: Counting(one, self) for name, one in channels(wechat).items()}

    def bind(self, who: str, *names: str) -> int:
        """Reach a person of the town by these channels alone, the first one first; his number."""
        person_id = self.world.people[who].id
        ended = update(Address).where(Address.person_id == person_id, Address.ended_at.is_(None))
        db.session.execute(ended.values(ended_at=BEGIN))
        for rank, name in enumerate(names):
            sealed, index = vault().seal(TARGETS[name]), f"{who}-{name}"
            address = Address(
                county_id=YISHUI, person_id=person_id, channel=name, rank=rank, created_at=BEGIN
            )
            address.target_sealed, address.target_index = sealed, index
            db.session.add(address)
        db.session.commit()
        return person_id

    def write(self, person_id: int, count: int, *, report_id: int | None = None) -> list[int]:
        """So many pushes to a person, due now, each with its job."""
        query = select(Address.id, Address.channel).where(
            Address.person_id == person_id, Address.ended_at.is_(None)
        )
        first = db.session.execute(query.order_by(Address.rank).limit(1)).one()
        row = {
            "county_id": YISHUI,
            "report_id": report_id,
            "purpose": PURPOSE,
            "person_id": person_id,
            "address_id": first.id,
            "channel": first.channel,
            "urgent": False,
            "state": "pending",
            "created_at": self.now,
            "next_at": self.now,
        }
        rows = [row | {"occasion": f"{self.now.timestamp():.0f}:{person_id}:{n}"} for n in range(count)]
        ids = list(db.session.scalars(insert(Push).returning(Push.id), rows)) if rows else []
        jobs.defer(db.session, push_job, [{"push_id": one, "county_id": YISHUI} for one in ids])
        db.session.commit()
        return ids

    def work(self) -> int:
        """Do every job that is due, the first one first, as workers do; how many."""
        taken = sorted(db.session.execute(TAKE, {"now": self.now}).all(), key=lambda one: (-one[1], one[2]))
        db.session.commit()
        for push_id, _, _ in taken:
            deliver_push(push_id, channels=self.channels, now=self.now)
        db.session.expire_all()
        return len(taken)

    def tick(self) -> None:
        """The duties that come every ten seconds."""
        for duty in (release_parked, wake_due_pushes, notice_dead_pushes, watch_channels):
            duty(self.now)
            db.session.commit()

    def forward(self, span: timedelta, *, step: timedelta = TICK) -> None:
        """Let time pass in steps, with the duties at every tenth second and the jobs at every step."""
        ends = self.now + span
        while self.now < ends:
            self.now += step
            if not (self.now - BEGIN) % TICK:
                self.tick()
            self.work()

    def calls(self, name: str) -> Counter[datetime]:
        """How often a channel was called in each second."""
        return Counter(self.channels[name].calls)

    def states(self) -> Counter[str]:
        """How many pushes there are in each state."""
        rows = db.session.execute(select(Push.state, func.count()).group_by(Push.state))
        return Counter({row[0]: row[1] for row in rows})


@contextmanager
def staged() -> Iterator[Stage]:
    """A town made anew, and the sandbox on a loopback port."""
    server = embedded.start(ROOT / "var" / "outages" / "postgres")
    embedded.drop(server, DATABASE)
    owner, url = embedded.prepare(server, DATABASE)
    app = create_app(
        Settings(database_url=url, database_owner_url=owner, var_dir=str(ROOT / "var" / "outages"))
    )
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        stage = Stage(app, build(BEGIN), "")
        db.session.commit()
        register((PURPOSE,), words)
        stage.state = demo_state(lambda: stage.now)
        sandbox = sandbox_server(create_sandbox(stage.state, clock=lambda: stage.now), port=free_port(23500))
        threading.Thread(target=sandbox.serve_forever, args=(0.01,), daemon=True).start()
        stage.base = f"http://127.0.0.1:{sandbox.port}"
        stage.reach(stage.wechat())
        try:
            yield stage
        finally:
            sandbox.shutdown()
            db.session.remove()
            db.engine.dispose()
