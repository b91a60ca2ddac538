"""Who may do what to a report in which state, and where that leads; pure. Policy A3, A4, A9."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from server.accounts.permissions import Part

SUBMITTED, ACCEPTED, RESOLVED, CLOSED = "submitted", "accepted", "resolved", "closed"
WITHDRAWN, VOIDED = "withdrawn", "void"
WHISTLED, REFERRED, REJECTED = "whistled", "referred", "rejected"
IN_HAND = frozenset({SUBMITTED, ACCEPTED})
"""The handler may deal with it; a body that was whistled for must report in first."""
OPEN = IN_HAND | {WHISTLED}
"""Somebody must act."""
FINAL = frozenset({WITHDRAWN, VOIDED, REJECTED})
LIVE = OPEN | {RESOLVED, CLOSED, REFERRED, REJECTED}
"""Every state in which something of a report may be public."""


class Act(StrEnum):
    """What can be done to a report (`contract.md`; `add`, `grant`, `deny`, `hide` and others are ours)."""

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
    JOIN = "join"
    REMIND = "remind"
    SUPERVISE = "supervise"
    WHISTLE = "whistle"
    REPORT_IN = "report_in"
    TRANSFER = "transfer"
    HAND_BACK = "hand_back"
    EXTEND = "extend"
    GRANT = "grant"
    DENY = "deny"
    CLOSE = "close"
    HIDE = "hide"
    REJECT = "reject"
    VOID = "void"
    REFER = "refer"
    """The reporter is asked whether the court's centre may mediate (A12)."""
    CONSENT = "consent"
    UNREFER = "unrefer"
    """He takes it back, or whoever asked, or the centre does not take it."""
    TAKE = "take"
    APPOINT = "appoint"
    SETTLE = "settle"
    """What came of the mediation: one of `mediating.RESULTS`."""
    LOOK_BACK = "look_back"
    """A campaign looked at it again (A10); done by the campaign alone, so not in the table."""
    CONTACT = "contact"
    CHECK = "check"
    MEASURE = "measure"
    REINSPECT = "reinspect"
    MERGE = "merge"
    SPLIT = "split"
    MISSED = "missed"
    """Somebody wanted to do something while another was faster; the system writes it, so not in the table."""


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
    merged: bool = False
    """Whether it is handled with another report now, as one of its neighbours."""
    split_until: datetime | None = None
    """Until when that can be undone."""
    whistlers: frozenset[Part] = frozenset()
    """Who may whistle by the county's book; the company as `PROJECT`, and only while it handles."""
    own_open: bool = False
    """Whether a part of it is asked of the actor's own body and not answered."""
    own_waits: bool = False
    """Whether his body was whistled for and has not reported in."""
    contact_due: bool = False
    """Whether the community still has to contact the reporter."""
    checking: bool = False
    """Whether a second body checks the answer before the reporter is asked."""
    checker: Part | None = None
    hazard: bool = False
    """Whether it is a danger, which needs measure, deadline and person."""
    referral: str = ""
    """How far a referral to mediation is: asked, waiting, taken; empty where there is none."""
    mediates: bool = False
    """Whether the county has a centre that somebody can be referred to."""
    inspectors: frozenset[Part] = frozenset()
    """Who looks at a mended danger again; nobody while none is waiting."""


@dataclass(frozen=True)
class Step:
    """One row of the table: an act, whose it is, in which states, and the state after it."""

    act: Act
    parts: frozenset[Part]
    states: frozenset[str]
    after: str | None = None
    """None keeps the state, or the act's result decides (`changes.py`). What is done in a joint body's own part keeps it as well; so does a further whistle."""
    needs: frozenset[str] = field(default_factory=frozenset)
    """What must come with it, by the names of `Deed.given`; a resolution's evidence is the book's to say."""


KEEPERS = frozenset({Part.COMMUNITY, Part.BUREAU})
"""Who says that two reports are one; splitting gives back the state that was before."""
WATCH = frozenset({Part.COMMUNITY, Part.TOWNSHIP, Part.BUREAU})
HANDLER, OWNER = frozenset({Part.HANDLER}), frozenset({Part.OWNER})


def _needs(*names: str) -> frozenset[str]:
    return frozenset(names)


TABLE = (
    Step(Act.ACCEPT, HANDLER, frozenset({SUBMITTED}), ACCEPTED),
    Step(Act.REPLY, HANDLER | {Part.JOINT}, OPEN | {REFERRED}, needs=_needs("text")),
    Step(Act.ASK, HANDLER, IN_HAND, needs=_needs("text")),
    Step(Act.ANSWER, OWNER, OPEN, needs=_needs("text")),
    Step(Act.ADD, OWNER, OPEN | {RESOLVED, REFERRED}, needs=_needs("addition")),
    Step(Act.RESOLVE, HANDLER, IN_HAND, RESOLVED),
    Step(Act.CONFIRM, OWNER, frozenset({RESOLVED}), CLOSED),
    Step(Act.RATE, OWNER, frozenset({RESOLVED, CLOSED}), needs=_needs("score")),
    Step(Act.REOPEN, OWNER, frozenset({RESOLVED, CLOSED}), ACCEPTED, needs=_needs("text")),
    Step(Act.WITHDRAW, OWNER, OPEN | {REFERRED}, WITHDRAWN),
    Step(Act.JOIN, frozenset({Part.NEIGHBOUR}), OPEN),
    Step(Act.REMIND, OWNER | WATCH, OPEN),
    Step(Act.SUPERVISE, frozenset({Part.BUREAU}), OPEN | {REFERRED}, needs=_needs("text")),
    Step(Act.TRANSFER, HANDLER | {Part.BUREAU, Part.COMMUNITY}, OPEN, needs=_needs("text", "body")),
    Step(Act.WHISTLE, HANDLER | WATCH, OPEN, WHISTLED, needs=_needs("text", "body")),
    Step(Act.REPORT_IN, HANDLER | {Part.JOINT}, OPEN, ACCEPTED),
    Step(Act.HAND_BACK, HANDLER | {Part.JOINT}, OPEN, needs=_needs("text")),
    Step(Act.EXTEND, HANDLER, IN_HAND, needs=_needs("text", "until")),
    Step(Act.GRANT, frozenset({Part.COMMUNITY, Part.BUREAU}), OPEN),
    Step(Act.DENY, frozenset({Part.COMMUNITY, Part.BUREAU}), OPEN, needs=_needs("text")),
    Step(Act.HIDE, OWNER, LIVE),
    Step(Act.REJECT, frozenset({Part.BUREAU}), OPEN, REJECTED, needs=_needs("text")),
    Step(
        Act.VOID, frozenset({Part.BUREAU}), OPEN | {RESOLVED, CLOSED, REFERRED}, VOIDED, needs=_needs("text")
    ),
    Step(Act.CONTACT, frozenset({Part.COMMUNITY}), OPEN | {RESOLVED}, needs=_needs("result")),
    Step(Act.CHECK, WATCH, frozenset({RESOLVED}), needs=_needs("result")),
    Step(Act.MEASURE, HANDLER, IN_HAND, needs=_needs("text", "until", "person")),
    Step(Act.REINSPECT, WATCH | {Part.SAFETY}, frozenset({RESOLVED, CLOSED}), needs=_needs("result", "text")),
    Step(Act.REFER, HANDLER | KEEPERS, IN_HAND, needs=_needs("text")),
    Step(Act.CONSENT, OWNER, IN_HAND, REFERRED),
    Step(Act.UNREFER, HANDLER | OWNER | {Part.BUREAU}, IN_HAND | {REFERRED}),
    Step(Act.TAKE, HANDLER, frozenset({REFERRED})),
    Step(Act.APPOINT, HANDLER, frozenset({REFERRED}), needs=_needs("text", "until")),
    Step(Act.SETTLE, HANDLER, frozenset({REFERRED}), needs=_needs("result", "text")),
    Step(Act.MERGE, KEEPERS, IN_HAND, CLOSED, needs=_needs("lead")),
    Step(Act.SPLIT, KEEPERS, frozenset({CLOSED}), needs=_needs("text")),
)
STEPS = {step.act: step for step in TABLE}


def _timely(act: Act, facts: Facts, parts: frozenset[Part]) -> bool:
    """The conditions beyond state and part."""
    handles, waits = Part.HANDLER in parts, facts.state == WHISTLED
    granting = Part.COMMUNITY if facts.grants_by_community else Part.BUREAU
    judges = bool(parts & {granting, Part.BUREAU}) and not handles
    untimely = {
        Act.ANSWER: not facts.asked,
        Act.REMIND: not parts & WATCH and (facts.now <= facts.due_at or facts.reminded),
        Act.EXTEND: facts.now >= facts.resolve_due_at or facts.extended or facts.extension_asked,
        Act.GRANT: not (facts.extension_asked and judges),
        Act.DENY: not (facts.extension_asked and judges),
        Act.CONFIRM: facts.checking,
        Act.RATE: facts.rated or facts.merged or facts.checking,
        Act.REOPEN: facts.merged
        or facts.checking
        or facts.reopen_until is None
        or facts.now > facts.reopen_until,
        Act.REPLY: waits if handles else facts.own_waits,
        Act.TRANSFER: waits and not parts & {Part.BUREAU, Part.COMMUNITY},
        Act.WHISTLE: not _may_whistle(facts, parts),
        Act.REPORT_IN: not (waits if handles else facts.own_waits),
        Act.HAND_BACK: Part.BUREAU in parts or not (handles or facts.own_open),
        Act.HIDE: not facts.public,
        Act.CONTACT: not facts.contact_due,
        Act.CHECK: not (facts.checking and facts.checker in parts and not handles),
        Act.MEASURE: not facts.hazard,
        Act.REINSPECT: handles or not parts & facts.inspectors,
        Act.VOID: facts.merged,
        Act.REFER: bool(facts.referral) or not facts.mediates,
        Act.CONSENT: facts.referral != "asked",
        Act.UNREFER: facts.referral not in {"asked", "waiting"},
        Act.TAKE: facts.referral != "waiting",
        Act.APPOINT: facts.referral != "taken",
        Act.SETTLE: facts.referral != "taken",
        Act.SPLIT: not facts.merged or facts.split_until is None or facts.now > facts.split_until,
    }
    return not untimely.get(act, False)


def _may_whistle(facts: Facts, parts: frozenset[Part]) -> bool:
    """Whoever watches where the book lets him; the company's manager while he handles it (A7)."""
    company = {Part.PROJECT, Part.HANDLER} <= parts and Part.PROJECT in facts.whistlers
    return company or bool(parts & WATCH & facts.whistlers)


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
