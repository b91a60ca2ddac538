"""What a push channel is: a message goes in, a receipt comes out, or a classed refusal."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class RefusalKind(StrEnum):
    """What a refusal asks for: try later, renew the token, rest the channel, or take the next channel."""

    RETRY = "retry"
    REFRESH = "refresh"
    PAUSE = "pause"
    FINAL = "final"


class Refused(Exception):
    """A channel did not take a message; carries a code and a kind, never a secret.

    `reached` is False where the message never left, because not even a token was to be had.
    """

    def __init__(self, code: str, kind: RefusalKind, *, reached: bool = True) -> None:
        super().__init__(f"refused: {code} ({kind})")
        self.code = code
        self.kind = kind
        self.reached = reached


@dataclass(frozen=True)
class Message:
    """One push in plain words; `key` is unique, so that a channel can tell a repeat from a new message."""

    key: str
    purpose: str
    title: str
    lines: tuple[tuple[str, str], ...]
    url: str
    no: str


@dataclass(frozen=True)
class Sent:
    """A channel's receipt; `reference` is its own message number, empty where it gives none."""

    reference: str = ""


class Channel(Protocol):
    """One way to reach an address."""

    @property
    def name(self) -> str:
        """The channel's name in the push ledger."""

    def send(self, address: str, message: Message) -> Sent:
        """Hand the message over; raises Refused."""


@dataclass
class MemoryChannel:
    """A channel that keeps what it was given; while `refusals` has entries it refuses with the next one."""

    name: str = "memory"
    sent: list[tuple[str, Message]] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)

    def send(self, address: str, message: Message) -> Sent:
        """Keep the message, or raise the next of `refusals`."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append((address, message))
        return Sent(f"memory-{len(self.sent)}")
