"""The parts of 五公开 that stand elsewhere: who is in charge, what is served, whom to call; pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.disclosures.rules import Line, State


class Fact(StrEnum):
    """What is taken from the estate's project, not entered here."""

    MANAGER = "manager"
    SERVICES = "services"
    PHONES = "phones"


BRIEF = 24
LABELS = {Fact.MANAGER: "项目负责人", Fact.SERVICES: "服务内容和标准", Fact.PHONES: "报修、投诉、监督电话"}


@dataclass(frozen=True)
class Facts:
    """What is known of an estate's service; `since_on` is the day the company came."""

    company_name: str | None
    company_phone: str | None
    manager_name: str | None
    manager_phone: str | None
    services: str | None
    since_on: date | None
    community_name: str
    community_phone: str | None
    bureau_name: str
    bureau_phone: str | None

    @property
    def repair_phone(self) -> str | None:
        """Whom to call for repairs: the manager, the company, or the community where there is none (A14)."""
        return (self.manager_phone or self.company_phone) if self.company_name else self.community_phone

    @property
    def phones(self) -> list[tuple[str, str, str | None]]:
        """The three lines of the plan as (what for, who answers, number or none)."""
        return [
            ("报修", self.company_name or self.community_name, self.repair_phone),
            ("投诉", self.community_name, self.community_phone),
            ("监督", self.bureau_name, self.bureau_phone),
        ]


def manager_line(facts: Facts) -> Line:
    """Who is in charge; the community where there is no company."""
    label = LABELS[Fact.MANAGER]
    if not facts.company_name:
        return Line(Fact.MANAGER, label, State.CURRENT, None, f"没有物业企业，由{facts.community_name}负责")
    if not facts.manager_name:
        return Line(Fact.MANAGER, label, State.MISSING, None, f"{facts.company_name}还没有公开负责人")
    return Line(Fact.MANAGER, label, State.CURRENT, facts.since_on, facts.manager_name)


def services_line(facts: Facts) -> Line:
    """What is served, since the company came; a summary shows no more than its beginning."""
    if facts.services:
        words = facts.services if len(facts.services) <= BRIEF else f"{facts.services[:BRIEF]}…"
        return Line(Fact.SERVICES, LABELS[Fact.SERVICES], State.CURRENT, facts.since_on, words)
    return Line(Fact.SERVICES, LABELS[Fact.SERVICES], State.MISSING, None, "还没有公开")


def phones_line(facts: Facts) -> Line:
    """Whether all three lines can be called."""
    lacking = "、".join(what for what, _, phone in facts.phones if not phone)
    state = State.MISSING if lacking else State.CURRENT
    words = f"还没有公开{lacking}电话" if lacking else "、".join(what for what, _, _ in facts.phones)
    return Line(Fact.PHONES, LABELS[Fact.PHONES], state, None, words)


def callable_phones(facts: Facts) -> list[tuple[str, str, str]]:
    """The lines of the plan that have a number, as (what for, who answers, number)."""
    return [(what, who, phone) for what, who, phone in facts.phones if phone]
