"""Who is told of which act, and as what; pure. Policy A3, A13; design 3."""

from dataclasses import dataclass

from server.accounts.permissions import Part
from server.reports.workflow import Act

OWNER, HANDLER = Part.OWNER, Part.HANDLER
BUREAU, COMMUNITY = Part.BUREAU, Part.COMMUNITY

TOLD: dict[Act, tuple[Part, ...]] = {
    Act.ACCEPT: (OWNER,),
    Act.REPLY: (OWNER,),
    Act.ASK: (OWNER,),
    Act.ANSWER: (HANDLER,),
    Act.ADD: (HANDLER,),
    Act.RESOLVE: (OWNER,),
    Act.CONFIRM: (HANDLER,),
    Act.RATE: (HANDLER,),
    Act.REOPEN: (HANDLER, BUREAU),
    Act.WITHDRAW: (HANDLER,),
    Act.REMIND: (HANDLER,),
    Act.SUPERVISE: (HANDLER,),
    Act.WHISTLE: (OWNER, HANDLER),
    Act.REPORT_IN: (OWNER,),
    Act.TRANSFER: (OWNER, HANDLER),
    Act.HAND_BACK: (HANDLER,),
    Act.GRANT: (OWNER, HANDLER),
    Act.DENY: (HANDLER,),
    Act.CLOSE: (OWNER, HANDLER),
    Act.REJECT: (OWNER, HANDLER),
    Act.VOID: (OWNER, HANDLER),
    Act.CONTACT: (OWNER,),
    Act.MEASURE: (OWNER,),
    Act.REINSPECT: (OWNER, HANDLER),
    Act.REFER: (OWNER,),
    Act.CONSENT: (HANDLER, BUREAU),
    Act.UNREFER: (OWNER, HANDLER),
    Act.TAKE: (OWNER,),
    Act.APPOINT: (OWNER,),
    Act.SETTLE: (OWNER, HANDLER, BUREAU),
    Act.LOOK_BACK: (OWNER, HANDLER),
    Act.MERGE: (OWNER, HANDLER),
    Act.SPLIT: (OWNER, HANDLER),
}
"""HANDLER is whoever handles after the act; the actor himself is never told."""


PARTIES = frozenset({Act.CONSENT, Act.TAKE, Act.APPOINT, Act.SETTLE})
"""Steps of a mediation, of which the estate's company is told: it is the other party."""


@dataclass(frozen=True)
class Told:
    """Whom an act tells."""

    owner: bool
    handler: bool
    bureau: bool
    judge: Part | None = None


def told(act: Act, *, grants_by_community: bool) -> Told:
    """Whom an act tells; a request for more time goes to whoever may grant it."""
    parts = TOLD.get(act, ())
    judge = (COMMUNITY if grants_by_community else BUREAU) if act is Act.EXTEND else None
    return Told(OWNER in parts, HANDLER in parts, BUREAU in parts, judge)
