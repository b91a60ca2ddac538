"""A report's history in words, each step with who took it, what he said and showed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from server.accounts.bodies import names
from server.reports.eyes import Eyes
from server.reports.mediating import RESULTS as MEDIATION_RESULTS
from server.reports.models import Event
from server.reports.rechecking import RESULTS as LOOKED
from server.reports.side_changes import RESULTS, WAYS
from server.reports.steps import Step, steps_for
from server.reports.words import ACTS, OUTCOMES
from server.reports.workflow import Act
from server.web.times import day_time, stamp

LOOKS = {
    Act.SUPERVISE: ("alarm", "triangle"),
    Act.REMIND: ("warn", "triangle"),
    Act.REOPEN: ("alarm", "triangle"),
    Act.HAND_BACK: ("warn", "diamond"),
    Act.WHISTLE: ("warn", "diamond"),
    Act.TRANSFER: ("", "diamond"),
    Act.RESOLVE: ("", "square"),
    Act.CONFIRM: ("", "tick"),
    Act.CLOSE: ("", "square"),
    Act.MERGE: ("", "diamond"),
    Act.SPLIT: ("", "diamond"),
}
DUE = {
    Act.REPLY: "预计完成",
    Act.EXTEND: "申请延到",
    Act.GRANT: "新的时限",
    Act.TAKE: "调解时限",
    Act.APPOINT: "调解时间",
    Act.SETTLE: "继续办理的时限",
    Act.MEASURE: "整改期限",
}

RESULTS_OF = RESULTS | {Act.SETTLE: MEDIATION_RESULTS, Act.LOOK_BACK: LOOKED}


def timeline(
    events: Sequence[Event],
    photos: Mapping[Any, Sequence[Mapping[str, str]]],
    eyes: Eyes,
    *,
    now: datetime,
) -> list[dict[str, Any]]:
    """The steps as a reader may see them, oldest first; one statement where a step names other bodies."""
    steps = steps_for(events, eyes)
    moved = {body for step in steps for body in bodies_of(step.event.data)}
    called = names(moved) if moved else {}
    return [_shown(step, photos.get(step.event.id, ()), called, eyes, now=now) for step in steps]


def bodies_of(data: Mapping[str, Any]) -> list[int]:
    """The bodies that a step names."""
    return [body for body in (data.get("from"), data.get("to"), *data.get("joint", ())) if body]


def _shown(
    step: Step,
    photos: Sequence[Mapping[str, str]],
    called: Mapping[int, str],
    eyes: Eyes,
    *,
    now: datetime,
) -> dict[str, Any]:
    event, act = step.event, Act(step.event.act)
    tone, drawing = LOOKS.get(act, ("", ""))
    text = "\n".join(
        part
        for part in (event.text, *_details(act, event.data, called), *_calling(act, event.data, called))
        if part
    )
    return {
        "title": ACTS[act],
        "when": stamp(event.at, now=now),
        "iso": eyes.at(event.at).isoformat(),
        "by": step.by,
        "text": step.words(text, eyes),
        "photos": [] if act is Act.SUBMIT else list(photos),
        "tone": tone,
        "drawing": drawing,
    }


def _calling(act: Act, data: Mapping[str, Any], called: Mapping[int, str]) -> list[str]:
    """Who was called in beside whom, until when."""
    found: list[str] = []
    if data.get("joint"):
        found.append(f"会办：{'、'.join(called.get(body, '') for body in data['joint'])}")
    if data.get("report_in_due_at"):
        due = datetime.fromisoformat(data["report_in_due_at"])
        found.append(f"{day_time(due)}前报到，原来的时限照常计算")
    if act is Act.REPLY and data.get("part"):
        found.append("会办单位对自己这一部分的答复")
    return found


def _details(act: Act, data: Mapping[str, Any], called: Mapping[int, str]) -> list[str]:
    """What a step keeps beside its text, in words."""
    found: list[str] = []
    if data.get("outcome"):
        found.append(f"处理结果：{OUTCOMES.get(data['outcome'], data['outcome'])}")
    if data.get("basis"):
        found.append(f"原因和依据：{data['basis']}")
    if data.get("result"):
        words = RESULTS_OF.get(act, {}).get(data["result"], "")
        found.append("，".join(part for part in (WAYS.get(data.get("way", ""), ""), words) if part))
    if data.get("lead"):
        found.append(f"{'并入' if act is Act.MERGE else '不再并入'} {data['lead']}")
    if data.get("merged"):
        found.append(f"{data['merged']} {'并入本件' if act is Act.MERGE else '从本件拆出'}")
    if data.get("person"):
        found.append(f"责任人：{data['person']}")
    if data.get("until") and act in DUE:
        found.append(f"{DUE[act]}：{day_time(datetime.fromisoformat(data['until']))}")
    if data.get("score"):
        found.append("，".join((f"评分 {data['score']} 星", *data.get("reasons", ()))))
    if data.get("to"):
        found.append(f"{called.get(data.get('from', 0), '')} → {called.get(data['to'], '')}")
    return found
