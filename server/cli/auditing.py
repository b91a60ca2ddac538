"""`flask --app wsgi audit verify`: whether anybody has changed what was written down."""

import click
from flask.cli import AppGroup

from server.cli.edge import edge
from server.core import verify
from server.core.doubles import original_of
from server.core.seals import HISTORIES
from server.policy.loader import books

auditing = AppGroup("audit", help="审计记录。")


@auditing.command("verify", help="重算审计链和各次封存；有一处不对就列出来并以 1 退出。")
@click.option("--county", default="", help="只核对这个区划代码的审计链；历史表总是核对。")
@edge
def check(*, county: str) -> None:
    """Print every chain's head, to be noted elsewhere, and then every fault."""
    known = verify.counties()
    if county and county not in {*known, *books()}:
        raise click.BadParameter(f"没有区划代码为 {county} 的审计记录。", param_hint="--county")
    faults: list[str] = []
    for code in [county] if county else known:
        chain = verify.chain(code)
        name = books()[code].county_name if code in books() else "演练" if original_of(code) else "全国"
        click.echo(f"{code} {name}：共 {chain.seq} 条，末条指纹 {chain.hash}")
        faults += chain.faults
    for table in HISTORIES:
        click.echo(f"{table}：已封存到编号 {verify.covered(table)}")
    faults += verify.histories()
    if faults:
        raise click.ClickException("\n".join([f"有 {len(faults)} 处不对：", *faults]))
    click.echo("没有发现改动。")
