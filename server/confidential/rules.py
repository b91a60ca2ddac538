"""What may happen to a confidential report, by whom, from which state (pure)."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where it stands; the words of `contract.md`, fewer of them."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What is done; the names of `contract.md`."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    REPLY = "reply"
    ASK = "ask"
    CLOSE = "close"
    ANSWER = "answer"
    ADD = "add"
    WITHDRAW = "withdraw"
    ERASE = "erase"
    """How its sender can be reached was deleted; no step, so it stands in no table."""


class Part(StrEnum):
    """Who does it."""

    OWNER = "reporter"
    BODY = "body"


SYSTEM_PART = "system"
"""Who takes the step that nobody takes: what is deleted because its time is over."""


@dataclass(frozen=True)
class Step:
    """One act: whose it is, from where, to where (none: it stays), and whether words must come along."""

    part: Part
    since: frozenset[State]
    to: State | None = None
    words: bool = False
    asked: bool = False
    """Only while a question of the body stands."""


OPEN = frozenset({State.SUBMITTED, State.ACCEPTED})
DOING = frozenset({State.ACCEPTED})
STEPS = {
    Act.ACCEPT: Step(Part.BODY, frozenset({State.SUBMITTED}), to=State.ACCEPTED),
    Act.ASK: Step(Part.BODY, DOING, words=True),
    Act.REPLY: Step(Part.BODY, DOING, words=True),
    Act.CLOSE: Step(Part.BODY, DOING, to=State.CLOSED),
    Act.ANSWER: Step(Part.OWNER, DOING, words=True, asked=True),
    Act.ADD: Step(Part.OWNER, OPEN, words=True),
    Act.WITHDRAW: Step(Part.OWNER, OPEN, to=State.WITHDRAWN),
}


def acts(part: Part, state: str, *, asked: bool) -> tuple[Act, ...]:
    """What somebody may do now, in the table's order."""
    return tuple(
        act
        for act, step in STEPS.items()
        if step.part is part and state in step.since and (asked or not step.asked)
    )
