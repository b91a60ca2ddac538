"""Reports in a list with what must be done on each, by when, and the act that does it one tap away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from server.accounts.roles import Actor
from server.reports.matters import duties_of_rows
from server.reports.todo import ACTS, Duty, Task
from server.reports.workflow import STEPS, Act
from server.web.desk.acts import BY_ACT
from server.web.desk.rows import Row, rows_of
from server.web.times import day_time
from server.web.wording import Tag, left

JUDGE = "审核延期"
ANSWER_PART = "答复"
CALLED, BUREAU = "叫来的单位", "主管部门"
OF_CALLED = frozenset({Task.REPORT_IN, Task.PART})


@dataclass(frozen=True)
class Next:
    """The next act: a button where nothing must be filled in, else the way to its form."""

    words: str
    href: str
    tap: bool
    version: int


@dataclass(frozen=True)
class WorkRow:
    """One line: the report, what one's bodies must do on it, or for whom it waits."""

    row: Row
    todo: str
    waits: str
    next: Next | None


def work_rows(
    found: Sequence[Any],
    reader: Actor,
    *,
    bodies: Collection[int],
    base: str,
    acting: bool = True,
    photos: bool = True,
    now: datetime,
) -> list[WorkRow]:
    """The rows of a page as the duties of these bodies; `acting`: the reader is one of their people."""
    every = duties_of_rows(found)
    rows = rows_of(found, reader, base=base, photos=photos, now=now)
    return [
        _work(one, row, every[one.id], bodies, acting=acting, now=now)
        for one, row in zip(found, rows, strict=True)
    ]


def _work(
    found: Any, row: Row, every: Sequence[Duty], bodies: Collection[int], *, acting: bool, now: datetime
) -> WorkRow:
    mine = [duty for duty in every if duty.body_id in bodies]
    if not mine:
        return WorkRow(row, "", waits_for(found, row.handler, every), None)
    shown = replace(row, tag=left(mine[0].due_at, now=now))
    return WorkRow(shown, todo_words(mine), "", _next(found, row, mine) if acting else None)


def todo_words(mine: Sequence[Duty]) -> str:
    """`受理，11月18日（周三）16:00前；还要联系报告人`: the first with its deadline, then the rest."""
    first, *rest = mine
    others = f"；还要{'、'.join(duty.words for duty in rest)}" if rest else ""
    return f"{first.words}，{day_time(first.due_at)}前{others}"


def waits_for(found: Any, handler: str, every: Sequence[Duty]) -> str:
    """Whom everybody waits for; empty where only the reporter's word is missing."""
    return f"等{_whose(found, handler, every[0])}{every[0].words}" if every else ""


def _whose(found: Any, handler: str, duty: Duty) -> str:
    if duty.body_id == found.handler_id:
        return handler
    near = {found.community_id: "社区", found.township_id: "镇街"}
    return near.get(duty.body_id, CALLED if duty.task in OF_CALLED else BUREAU)


def _next(found: Any, row: Row, mine: Sequence[Duty]) -> Next | None:
    """The first of one's duties whose act the report's state allows."""
    for duty in mine:
        act = ACTS[duty.task]
        if found.state in STEPS[act].states:
            return _button(found, row, duty.task, act)
    return None


def _button(found: Any, row: Row, task: Task, act: Act) -> Next | None:
    if task is Task.JUDGE:
        return Next(JUDGE, row.href, False, found.version)
    offer = BY_ACT.get(act)
    if offer is None:
        return None
    words = ANSWER_PART if task is Task.PART else offer.button if offer.tap else offer.short or offer.title
    return Next(words, f"{row.href}/{offer.slug}", offer.tap, found.version)


@dataclass(frozen=True)
class Todo:
    """What one's own bodies must do on a report, as its page says it."""

    words: str
    until: str
    tag: Tag


def todo_of(every: Sequence[Duty], bodies: Collection[int], *, now: datetime) -> list[Todo]:
    """The duties of these bodies, the most urgent first."""
    return [
        Todo(duty.words, f"{day_time(duty.due_at)}前", left(duty.due_at, now=now))
        for duty in every
        if duty.body_id in bodies
    ]
