"""`flask --app wsgi seed …`: the demonstration's people, places and reports, and where to begin."""

import sys
from datetime import datetime
from io import StringIO

import click
import qrcode
from flask.cli import AppGroup
from sqlalchemy import select

from server.cli.demo.cast import CAST, PASSWORD, YISHUI, ensure_cast
from server.cli.demo.papers import ensure_papers
from server.cli.demo.scenery import ensure_places, estate_named
from server.cli.demo.stories import ensure_stories
from server.cli.edge import edge, settings
from server.core import clock
from server.core.db import db
from server.core.errors import Forbidden
from server.core.workdays import after_quiet
from server.estates.codes import printed, url
from server.estates.models import ScanCode
from server.policy.loader import books
from server.policy.model import Book

seeding = AppGroup("seed", help="演示数据；正式环境拒绝运行。")
FIRST = "沂水源花园"


def only_demo() -> None:
    """Made-up people with a known password have no place in production. Raises Forbidden."""
    if not settings().demo:
        raise Forbidden("MODE=production：演示数据带有公开的密码，正式环境不能导入。")


@seeding.command("demo", help="四个演示县：真实或示例小区名，虚构的人员和上报。重复运行不会重复。")
@edge
def demo() -> None:
    """Make whatever of the demonstration is not there yet."""
    only_demo()
    now = clock.now()
    ensure_places(now=now)
    ensure_cast(now=now)
    ensure_stories(now=now)
    ensure_papers(now=now)


@seeding.command("welcome", help="打印从哪里开始：一张海报、几部手机、账号和密码。")
@edge
def welcome() -> None:
    """Where somebody begins who has never seen the product."""
    only_demo()
    base = settings().base_url
    estate = estate_named(YISHUI, FIRST)
    code = db.session.scalars(
        select(ScanCode.code)
        .where(ScanCode.estate_id == estate.id, ScanCode.revoked_at.is_(None), ScanCode.spot_id.is_(None))
        .limit(1)
    ).one()
    click.echo(f"\n1. 居民：用手机扫这个码（同一网络），或打开 {url(base, code)}")
    click.echo(f"   {FIRST}，编号 {printed(code)}")
    if sys.stdout.isatty():
        click.echo(_in_terminal(url(base, code)))
    click.echo(f"2. 物业和主管部门的手机（模拟微信，看收到了什么）：{base}/_sandbox/")
    if waiting := night(books()[YISHUI], clock.now()):
        click.echo(f"   {waiting}")
    click.echo(f"3. 工作人员登录：{base}/login   密码都是 {PASSWORD}")
    for one in CAST:
        click.echo(f"   {one.username:<12} {one.about}")
    click.echo("\nCtrl-C 结束。")


def night(book: Book, now: datetime) -> str:
    """By night, why the phones stay silent and what rings all the same; by day nothing."""
    begin, end = book.quiet.start, book.quiet.end
    if after_quiet(now, begin, end) <= now:
        return ""
    rings = next(kind.label for kind in book.kinds.values() if kind.time_class in book.quiet.spares)
    return f"现在是夜间（{begin:%H:%M}到{end:%H:%M}），普通事项早上才推送；想马上看到，请报“{rings}”。"


def _in_terminal(text: str) -> str:
    out = StringIO()
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    code.print_ascii(out=out, invert=True)
    return out.getvalue()
