"""What the sandbox remembers: accounts, people, tokens, codes, consents, what arrived, and planned faults."""

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

CALLS_KEPT = 500


class Kind(StrEnum):
    """What an account is."""

    MINI = "mini"
    MP = "mp"
    CORP = "corp"


class Family(StrEnum):
    """The ways to fetch a token; each keeps its own current one."""

    PLAIN = "plain"
    STABLE = "stable"
    CORP = "corp"


@dataclass(frozen=True)
class Template:
    """A message template: its title, and the label beside each typed field."""

    title: str
    fields: dict[str, str]


@dataclass
class Account:
    """One appid or corpid with its secret; `oauth_host` limits where a login may lead back to."""

    appid: str
    secret: str
    kind: Kind
    agentid: int = 0
    oauth_host: str = ""
    templates: dict[str, Template] = field(default_factory=dict)


@dataclass
class Person:
    """Somebody with a phone, or a group with a robot; `addresses` by appid, a group's by the robot's key."""

    name: str
    about: str
    addresses: dict[str, str]
    follows: bool = True
    group: bool = False


@dataclass
class Token:
    """An issued token."""

    value: str
    appid: str
    family: Family
    expires_at: datetime


@dataclass
class Code:
    """A login code, good once."""

    appid: str
    address: str
    expires_at: datetime
    scope: str = ""
    snapshot: bool = False
    used: bool = False


@dataclass
class Arrival:
    """One message on one phone."""

    at: datetime
    appid: str
    address: str
    channel: str
    title: str
    lines: list[tuple[str, str]]
    url: str
    number: str


@dataclass(frozen=True)
class Ruling:
    """What a check finds in whatever holds a word; with an errcode a picture could not be fetched."""

    word: str
    suggest: str = "pass"
    label: int = 100
    errcode: int = 0


@dataclass
class Fault:
    """What a path does for its next `times` calls (None: until cleared, or until an instant of the sandbox's time)."""

    path: str
    times: int | None = 1
    errcode: int | None = None
    status: int | None = None
    delay: float = 0.0
    truncate: bool = False
    down: bool = False
    """Close the connection without a word."""
    drip: float = 0.0
    """Send a byte of the answer every so many seconds."""
    until: datetime | None = None


@dataclass
class Target:
    """Where and how events are pushed: plain, or encrypted with an AES key; as XML or JSON."""

    url: str
    token: str
    appid: str
    aes_key: str = ""
    style: str = "xml"
    timing: str = "early"
    delay: float = 0.0
    copies: int = 1
    tries: int = 1
    """How often a push that was not taken is made; WeChat tries four times."""
    again: float = 5.0
    """Seconds between the tries."""


@dataclass
class State:
    """Everything, in memory; hold `lock` while reading or writing."""

    clock: Callable[[], datetime]
    path: Path | None = None
    shift: timedelta = timedelta()
    accounts: dict[str, Account] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    tokens: dict[str, Token] = field(default_factory=dict)
    current: dict[tuple[str, Family], str] = field(default_factory=dict)
    forced: dict[str, list[datetime]] = field(default_factory=dict)
    tickets: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    visits: dict[tuple[str, str], datetime] = field(default_factory=dict)
    rulings: list[Ruling] = field(default_factory=list)
    quota: Counter[tuple[str, str]] = field(default_factory=Counter)
    arrivals: list[Arrival] = field(default_factory=list)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    media: dict[str, tuple[str, bytes, datetime]] = field(default_factory=dict)
    posts: dict[str, deque[datetime]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    target: Target | None = None
    outgoing: list[dict[str, Any]] = field(default_factory=list)
    pushed: list[int] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> datetime:
        """The sandbox's own time."""
        return self.clock() + self.shift

    def person(self, appid: str, address: str) -> Person | None:
        """Who has this address at this account."""
        return next((one for one in self.people if one.addresses.get(appid) == address), None)

    def phone(self, address: str) -> Person | None:
        """Who has this address at any account; WeCom knows its user ids in either case."""
        wanted = address.lower()
        return next((one for one in self.people if wanted in map(str.lower, one.addresses.values())), None)
