"""`flask --app wsgi alarms`: what is wrong now, also when no worker runs; a timer may let it tell the group."""

import click

from server.cli.edge import edge, settings
from server.core import clock
from server.core.db import db
from server.seeing.alarms import look, say
from server.wechat.group import has_group, tell_group


@click.command("alarms", help="现在有什么不正常；有就逐条列出并以 1 退出。后台进程停着也能用。")
@click.option("--say", "saying", is_flag=True, help="把群里还不知道的发到运维群（ALARM_ROBOT_URL）。")
@edge
def alarming(*, saying: bool) -> None:
    """Look, keep what was found, tell the group if wanted, and list it."""
    if saying and not has_group(settings()):
        raise click.ClickException("没有设置 ALARM_ROBOT_URL，发不出去。")
    found = look(now=clock.now())
    db.session.commit()
    if saying:
        click.echo(f"告诉运维群 {say(tell_group, now=clock.now())} 项。")
    if found:
        raise click.ClickException("\n".join([f"有 {len(found)} 项不正常：", *sorted(found.values())]))
    click.echo("一切正常。")
