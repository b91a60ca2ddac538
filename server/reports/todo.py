"""What each body must do on a report now, and until when; the one place that says so (pure; A3, A4, A7, A8, A12, A13)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.policy.terms import Level
from server.reports.sides import Side, Sides, running_sides
from server.reports.workflow import ACCEPTED, OPEN, REFERRED, SUBMITTED, WHISTLED, Act


class Task(StrEnum):
    """One thing that a body is asked to do."""

    ACCEPT = "accept"
    REPORT_IN = "report_in"
    ANSWER = "answer"
    PART = "part"
    """A joint body answers its own part beside whoever leads."""
    JUDGE = "judge"
    """A longer term is asked for and not judged yet."""
    CONTACT = "contact"
    CHECK = "check"
    MEASURE = "measure"
    RECTIFY = "rectify"
    REINSPECT = "reinspect"
    TAKE = "take"
    MEDIATE = "mediate"


WORDS = {
    Task.ACCEPT: "受理",
    Task.REPORT_IN: "报到",
    Task.ANSWER: "办理并答复",
    Task.PART: "答复本单位负责的部分",
    Task.JUDGE: "审核延期申请",
    Task.CONTACT: "联系报告人",
    Task.CHECK: "核对答复",
    Task.MEASURE: "写明整改措施、期限和责任人",
    Task.RECTIFY: "按期完成隐患整改",
    Task.REINSPECT: "复查隐患",
    Task.TAKE: "收案",
    Task.MEDIATE: "调解并登记结果",
}
"""Each at most 20 characters, a push's short line; one place for lists, pages and pushes."""
ACTS = {
    Task.ACCEPT: Act.ACCEPT,
    Task.REPORT_IN: Act.REPORT_IN,
    Task.ANSWER: Act.RESOLVE,
    Task.PART: Act.REPLY,
    Task.JUDGE: Act.GRANT,
    Task.CONTACT: Act.CONTACT,
    Task.CHECK: Act.CHECK,
    Task.MEASURE: Act.MEASURE,
    Task.RECTIFY: Act.RESOLVE,
    Task.REINSPECT: Act.REINSPECT,
    Task.TAKE: Act.TAKE,
    Task.MEDIATE: Act.SETTLE,
}
"""The act by which a task is done."""
OF_HANDLER = {SUBMITTED: Task.ACCEPT, WHISTLED: Task.REPORT_IN, ACCEPTED: Task.ANSWER}


@dataclass(frozen=True)
class Asked:
    """A body that was called to the report and has not answered."""

    body_id: int
    report_in_due_at: datetime | None
    """None once it has reported in, or where it need not."""
    due_at: datetime


@dataclass(frozen=True)
class Matter:
    """What decides who must act on a report."""

    state: str
    handler_id: int
    community_id: int
    township_id: int
    bureau_id: int
    due_at: datetime
    """What is due next of its own clocks."""
    answer_due_at: datetime
    sides: Sides
    referral: str = ""
    extension_asked: bool = False
    judge: Level = Level.BUREAU
    checker: Level = Level.COMMUNITY
    inspector: Level = Level.COMMUNITY
    asked: tuple[Asked, ...] = ()

    def body(self, level: Level) -> int:
        """The report's body of a level."""
        return {Level.COMMUNITY: self.community_id, Level.TOWNSHIP: self.township_id}.get(
            level, self.bureau_id
        )

    def other(self, level: Level) -> int:
        """The body of a level that judges what the handler did; the bureau where that is the handler itself."""
        found = self.body(level)
        return self.bureau_id if found == self.handler_id else found


@dataclass(frozen=True)
class Duty:
    """What one body must do, and until when."""

    body_id: int
    task: Task
    due_at: datetime

    @property
    def words(self) -> str:
        """The task in words."""
        return WORDS[self.task]


def duties(matter: Matter) -> tuple[Duty, ...]:
    """Everything that anybody must do now, the most urgent first; empty where only the reporter is waited for."""
    found = [*_handling(matter), *_called(matter), *_beside(matter)]
    if matter.extension_asked and matter.state in OPEN:
        found.append(Duty(matter.other(matter.judge), Task.JUDGE, matter.answer_due_at))
    earliest: dict[tuple[int, Task], Duty] = {}
    for duty in sorted(found, key=lambda one: one.due_at):
        earliest.setdefault((duty.body_id, duty.task), duty)
    return tuple(earliest.values())


def _handling(matter: Matter) -> list[Duty]:
    """The one body whose turn it is."""
    task = OF_HANDLER.get(matter.state)
    if matter.state == REFERRED:
        task = Task.TAKE if matter.referral == "waiting" else Task.MEDIATE
    return [Duty(matter.handler_id, task, matter.due_at)] if task else []


def _called(matter: Matter) -> list[Duty]:
    """Whoever was called in: the lead by its own clock as well, the others for their part."""
    if matter.state not in OPEN:
        return []
    return [_of_called(matter, one) for one in matter.asked]


def _of_called(matter: Matter, one: Asked) -> Duty:
    due = min(at for at in (one.report_in_due_at, one.due_at) if at)
    if one.body_id == matter.handler_id:
        return Duty(one.body_id, OF_HANDLER[matter.state], due)
    return Duty(one.body_id, Task.REPORT_IN if one.report_in_due_at else Task.PART, due)


def _beside(matter: Matter) -> list[Duty]:
    """Contact, check, measure, second look: each by whose it is; the centre's clock is its turn already."""
    whose = {
        Side.CONTACT: (matter.community_id, Task.CONTACT),
        Side.CHECK: (matter.body(matter.checker), Task.CHECK),
        Side.MEASURE: (matter.handler_id, Task.MEASURE),
        Side.RECTIFY: (matter.handler_id, Task.RECTIFY),
        Side.REINSPECT: (matter.other(matter.inspector), Task.REINSPECT),
    }
    running = running_sides(matter.sides, matter.state)
    return [Duty(*whose[side], at) for side, at in running.items() if side in whose]
