"""`flask --app wsgi check`: whether anything that was acknowledged is lost; repairs what it can."""

import json
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from server.cli.edge import edge
from server.core import clock
from server.core.db import db
from server.core.errors import Unavailable
from server.core.owner import UNHELD, locks_hold
from server.policy.loader import books
from server.upkeep.checker import check
from server.upkeep.faults import WORDS, Fault, Outcome
from server.upkeep.missed import watch_drills

PATIENCE_SECONDS = 600
ROUNDS_MOST = 500
NOTHING = "没有丢失，也没有停下的。"


@click.command(
    "check", help="核对已收下的报告、收件箱和推送，能补的当场补上；有补不上的、数据库账号不对的以 1 退出。"
)
@click.option("--all", "whole", is_flag=True, help="从头核对，不只看上次核对以后的。")
@click.option("--json", "as_json", is_flag=True, help="一行 JSON，给程序读。")
@click.option(
    "--answered",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="一行一个报告编号：这些都答复过“已收到”，每个都要在。",
)
@edge
def checking(*, whole: bool, as_json: bool, answered: Path | None) -> None:
    """Look, repair, print; what was repaired is kept although something else is lost."""
    numbers = list(dict.fromkeys(answered.read_text().split())) if answered else []
    outcome = check_rounds(whole=whole, answered=numbers)
    watch_drills(clock.now())
    db.session.commit()
    held = locks_hold()
    click.echo(
        json.dumps(_plain(outcome) | {"held": held}, ensure_ascii=False) if as_json else _told(outcome)
    )
    if not held:
        click.echo(UNHELD, err=True)
    if outcome.lost or not held:
        raise click.exceptions.Exit(1)


def check_rounds(*, whole: bool, answered: Sequence[str] = ()) -> Outcome:
    """Every round of one run, each in a transaction of its own. Raises Unavailable where another run does not end."""
    now = clock.now()
    outcome = _round(whole=whole, answered=answered, now=now)
    for _ in range(ROUNDS_MOST):
        if not outcome.more:
            break
        db.session.commit()
        outcome = _round(whole=whole, answered=answered, now=now).after(outcome)
    return outcome


def _round(*, whole: bool, answered: Sequence[str], now: datetime) -> Outcome:
    for _ in range(PATIENCE_SECONDS):
        outcome = check(whole=whole, now=now, answered=answered)
        if outcome is not None:
            return outcome
        db.session.rollback()
        time.sleep(1)
    raise Unavailable("另一次核对还没有结束，请稍后再运行。")


def _plain(outcome: Outcome) -> dict[str, object]:
    return {
        "whole": outcome.whole,
        "found": outcome.found,
        "repaired": outcome.repaired,
        "lost": outcome.lost,
        "oldest_push_s": outcome.oldest_push_s,
        "took_ms": outcome.took_ms,
        "findings": [vars(one) | {"repaired": one.repaired} for one in outcome.findings],
    }


def _told(outcome: Outcome) -> str:
    lines = [
        f"{WORDS[Fault(fault)]}：{number} 处（{_counties(outcome, fault)}）"
        for fault, number in outcome.found.items()
    ]
    mended = f"已补上 {outcome.repaired} 处，补不上 {outcome.lost} 处。" if lines else NOTHING
    return "\n".join([*lines, mended, f"用时 {outcome.took_ms / 1000:.1f} 秒。"])


def _counties(outcome: Outcome, fault: str) -> str:
    codes = sorted({one.county_id for one in outcome.findings if one.fault == fault})
    return "、".join(books()[code].county_name if code in books() else code or "未知" for code in codes)
