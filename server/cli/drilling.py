"""`flask --app wsgi drill …`: a made-up report goes the whole way every day, on an estate that nobody sees."""

import click
from flask.cli import AppGroup

from server.cli.edge import county_option, edge
from server.core import clock
from server.policy.loader import books
from server.upkeep.drilling import DrillTimes, begin, last_drill
from server.upkeep.stage import drop_stage, set_stage, stages

drilling = AppGroup("drill", help="每日演练：隐藏小区里的一份假报告，每天走完全程并记下用时。")
STEPS = {
    "commit": "提交写入",
    "inbox": "进收件箱",
    "push": "推送送出",
    "accept": "受理",
    "resolve": "办结",
    "confirm": "居民确认",
    "done": "确认的推送送出",
}


@drilling.command("make", help="开启一个县的每日演练；重复运行不会重复。")
@county_option
@click.option(
    "--wecom", default="", help="演练消息发到这个企业微信账号；不写则只走到渠道为止，不打扰任何人。"
)
@edge
def make(*, county: str, wecom: str) -> None:
    """Make the hidden estate and its made-up colleague."""
    set_stage(county, wecom=wecom, now=clock.now())
    click.echo(f"{books()[county].county_name}的每日演练已开启，每天 9 点后由后台进程进行。")


@drilling.command("stop", help="关闭一个县的每日演练；以前的记录还在。")
@county_option
@edge
def stop(*, county: str) -> None:
    """No more drills in a county."""
    drop_stage(county, now=clock.now())
    click.echo(f"{books()[county].county_name}的每日演练已关闭。")


@drilling.command("run", help="现在就开始今天的演练；要有后台进程在运行。")
@county_option
@edge
def run(*, county: str) -> None:
    """Begin today's drill, which the worker then takes on."""
    begun = begin(county, now=clock.now())
    click.echo("今天的演练已开始。" if begun else "今天已经演练过，或者这个县没有开启。")


@drilling.command("show", help="各县最近一次演练走到哪一步、每步用时。")
@edge
def show() -> None:
    """Print the latest drill of every county that has them."""
    found = {county: last_drill(county) for county in stages()}
    for county, times in found.items():
        click.echo(f"{county} {books()[county].county_name}：{_words(times)}")
    if not found:
        click.echo("没有开启每日演练的县。用 drill make --county CODE 开启。")


def _words(times: DrillTimes | None) -> str:
    if times is None:
        return "还没有演练过"
    spans = "，".join(
        f"{words} {times.took_ms[step] / 1000:.2f} 秒"
        for step, words in STEPS.items()
        if step in times.took_ms
    )
    return f"{times.drill_on} {'走完全程' if times.whole else '没有走完'}（{spans or '刚开始'}）"
