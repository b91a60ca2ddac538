"""Who may do what to a report in which state, and where that leads; pure. Policy A3, A4, A9."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from server.accounts.permissions import Part

SUBMITTED, ACCEPTED, RESOLVED, CLOSED = "submitted", "accepted", "resolved", "closed"
WITHDRAWN, VOIDED = "withdrawn", "void"
OPEN = frozenset({SUBMITTED, ACCEPTED})
FINAL = frozenset({WITHDRAWN, VOIDED})
LIVE = OPEN | {RESOLVED, CLOSED, "whistled", "referred", "rejected"}
"""Every state in which something of a report may be public."""


class Act(StrEnum):
    """What can be done to a report (`contract.md`; `add`, `grant`, `deny` and `hide` are ours)."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    REPLY = "reply"
    ASK = "ask"
    ANSWER = "answer"
    ADD = "add"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    REMIND = "remind"
    SUPERVISE = "supervise"
    TRANSFER = "transfer"
    HAND_BACK = "hand_back"
    EXTEND = "extend"
    GRANT = "grant"
    DENY = "deny"
    CLOSE = "close"
    HIDE = "hide"
    VOID = "void"


@dataclass(frozen=True)
class Facts:
    """What a rule needs to know of a report, besides its state."""

    state: str
    now: datetime
    due_at: datetime
    resolve_due_at: datetime
    asked: bool
    rated: bool
    reminded: bool
    extension_asked: bool
    extended: bool
    closed_at: datetime | None
    reopen_until: datetime | None
    """Until when the reporter may still reopen."""
    grants_by_community: bool
    """Whether the community grants extensions of this time class, else the bureau does."""
    public: bool = False
    """Whether the reporter lets the public see what is released of it."""


@dataclass(frozen=True)
class Step:
    """One row of the table: an act, whose it is, in which states, and the state after it."""

    act: Act
    parts: frozenset[Part]
    states: frozenset[str]
    after: str | None = None
    """None keeps the state."""
    needs: frozenset[str] = field(default_factory=frozenset)
    """What must come with it: `text`, `evidence`, `score`, `body`, `until`."""


WATCH = frozenset({Part.COMMUNITY, Part.TOWNSHIP, Part.BUREAU})
HANDLER, OWNER = frozenset({Part.HANDLER}), frozenset({Part.OWNER})


def _needs(*names: str) -> frozenset[str]:
    return frozenset(names)


TABLE = (
    Step(Act.ACCEPT, HANDLER, frozenset({SUBMITTED}), ACCEPTED),
    Step(Act.REPLY, HANDLER | {Part.JOINT}, OPEN, needs=_needs("text")),
    Step(Act.ASK, HANDLER, OPEN, needs=_needs("text")),
    Step(Act.ANSWER, OWNER, OPEN, needs=_needs("text")),
    Step(Act.ADD, OWNER, OPEN | {RESOLVED}, needs=_needs("addition")),
    Step(Act.RESOLVE, HANDLER, OPEN, RESOLVED, needs=_needs("evidence")),
    Step(Act.CONFIRM, OWNER, frozenset({RESOLVED}), CLOSED),
    Step(Act.RATE, OWNER, frozenset({RESOLVED, CLOSED}), needs=_needs("score")),
    Step(Act.REOPEN, OWNER, frozenset({RESOLVED, CLOSED}), ACCEPTED, needs=_needs("text")),
    Step(Act.WITHDRAW, OWNER, OPEN, WITHDRAWN),
    Step(Act.REMIND, OWNER | WATCH, OPEN),
    Step(Act.SUPERVISE, frozenset({Part.BUREAU}), OPEN, needs=_needs("text")),
    Step(Act.TRANSFER, HANDLER | {Part.BUREAU, Part.COMMUNITY}, OPEN, needs=_needs("text", "body")),
    Step(Act.HAND_BACK, HANDLER, OPEN, needs=_needs("text")),
    Step(Act.EXTEND, HANDLER, OPEN, needs=_needs("text", "until")),
    Step(Act.GRANT, frozenset({Part.COMMUNITY, Part.BUREAU}), OPEN),
    Step(Act.DENY, frozenset({Part.COMMUNITY, Part.BUREAU}), OPEN, needs=_needs("text")),
    Step(Act.HIDE, OWNER, LIVE),
    Step(Act.VOID, frozenset({Part.BUREAU}), OPEN | {RESOLVED, CLOSED}, VOIDED, needs=_needs("text")),
)
STEPS = {step.act: step for step in TABLE}


def _timely(act: Act, facts: Facts, parts: frozenset[Part]) -> bool:
    """The conditions beyond state and part."""
    granting = Part.COMMUNITY if facts.grants_by_community else Part.BUREAU
    judges = bool(parts & {granting, Part.BUREAU}) and Part.HANDLER not in parts
    untimely = {
        Act.ANSWER: not facts.asked,
        Act.REMIND: not parts & WATCH and (facts.now <= facts.due_at or facts.reminded),
        Act.EXTEND: facts.now >= facts.resolve_due_at or facts.extended or facts.extension_asked,
        Act.GRANT: not (facts.extension_asked and judges),
        Act.DENY: not (facts.extension_asked and judges),
        Act.RATE: facts.rated,
        Act.REOPEN: facts.reopen_until is None or facts.now > facts.reopen_until,
        Act.HAND_BACK: Part.BUREAU in parts,
        Act.HIDE: not facts.public,
    }
    return not untimely.get(act, False)


def may(act: Act, facts: Facts, parts: frozenset[Part]) -> bool:
    """Whether somebody who is `parts` to a report may do the act now."""
    step = STEPS.get(act)
    return (
        step is not None
        and facts.state in step.states
        and bool(step.parts & parts)
        and _timely(act, facts, parts)
    )


def acts(facts: Facts, parts: frozenset[Part]) -> tuple[Act, ...]:
    """Everything that may be done now, in the table's order."""
    return tuple(step.act for step in TABLE if may(step.act, facts, parts))


def missing(act: Act, given: Iterable[str]) -> frozenset[str]:
    """What the act needs and did not come with it."""
    return STEPS[act].needs - frozenset(given)
