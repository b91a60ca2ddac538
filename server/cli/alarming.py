"""`flask --app wsgi alarms`: what is wrong now, also when no worker runs; a timer may let it tell the group."""

import logging
import time

import click
import psycopg
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from server.cli.edge import edge, settings
from server.core import clock
from server.core.checks import FAILS, HANGS, Check
from server.core.db import db
from server.notices.channels import Refused
from server.seeing.alarms import look, say
from server.seeing.stamp import WORDS, tell_away, tell_back
from server.wechat.group import has_group, tell_group

AGAIN_SECONDS = 10.0
"""What is gone at the second look was a restart, and is not worth a word."""
log = logging.getLogger(__name__)


class Blind(click.ClickException):
    """Nobody could look, or nobody could be told: worse than something that is wrong."""

    exit_code = 2


@click.command(
    "alarms",
    help="现在有什么不正常；有就逐条列出并以 1 退出，数据库连不上以 2 退出。后台进程停着也能用。",
)
@click.option(
    "--say",
    "saying",
    is_flag=True,
    help="把群里还不知道的发到运维群（ALARM_ROBOT_URL）；发到了以 0 退出，发不出去以 2 退出。",
)
@edge
def alarming(*, saying: bool) -> None:
    """Look, keep what was found, tell the group if wanted, and list it."""
    if saying and not has_group(settings()):
        raise Blind(
            "没有设置 ALARM_ROBOT_URL，出了问题也没有人会知道。请在环境变量里写上运维群机器人的地址。"
        )
    found = _look()
    if found is None:
        raise Blind(_away(saying=saying))
    if saying:
        tell_back(_tell, settings().var, where=settings().base_url)
        click.echo(f"告诉运维群 {say(_tell, now=clock.now())} 项。")
    if not found:
        click.echo("一切正常。")
        return
    words = "\n".join([f"有 {len(found)} 项不正常：", *sorted(found.values())])
    if not saying:
        raise click.ClickException(words)
    click.echo(words)


def _look() -> dict[str, str] | None:
    """What is wrong, written down; None where the database does not answer, nor a little later."""
    ready: Check = current_app.extensions["ready"]["database"]
    for pause in (AGAIN_SECONDS, 0.0):
        if ready.answer() not in {FAILS, HANGS}:
            try:
                found = look(now=clock.now())
                db.session.commit()
            except (SQLAlchemyError, psycopg.Error) as fault:
                db.session.rollback()
                log.warning("the database could not be looked at: %s", type(fault).__name__)
            else:
                return found
        time.sleep(pause)
    return None


def _away(*, saying: bool) -> str:
    """The sentence for a database that is away; the group hears it directly, which needs no database."""
    if not saying:
        return WORDS
    told = tell_away(_tell, settings().var, where=settings().base_url, now=clock.now())
    return f"{WORDS}{'已经告诉运维群。' if told else '运维群已经知道。'}"


def _tell(text: str) -> None:
    try:
        tell_group(text)
    except Refused as refused:
        raise Blind(f"运维群没有收下（代码 {refused.code}），没有人知道：\n{text}") from refused
