"""`flask --app wsgi import …`: places from tables."""

from pathlib import Path

import click
from flask.cli import AppGroup

from server.cli.edge import county_option, edge
from server.companies.imports import Imported, read_table, rehearse, save_rows
from server.core import clock

importing = AppGroup("import", help="从表格导入。")


@importing.command("estates", help="导入小区：CSV、XLS 或 XLSX，列名同调度表附件5。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@county_option
@click.option("--township", default="", help="表里没有“镇街”一列时用它。")
@click.option("--dry-run", is_flag=True, help="只检查并列出有问题的行，什么都不保存。")
@click.option("--skip-bad", is_flag=True, help="跳过有问题的行，导入其余的。")
@edge
def estates(*, file: Path, county: str, township: str, dry_run: bool, skip_bad: bool) -> None:
    """Import estates; with bad rows nothing is saved, unless they are to be skipped."""
    sheet = read_table(file.read_bytes(), township=township)
    for fault in sheet.faults:
        click.echo(fault.sentence, err=not dry_run)
    bad = len({fault.row for fault in sheet.faults})
    if dry_run:
        result = rehearse(county, sheet.rows, now=clock.now())
        click.echo(f"检查完毕，没有保存。{bad} 行需要修改，可以导入 {len(sheet.rows)} 行：{result.sentence}")
        return
    if bad and not skip_bad:
        raise click.ClickException(
            f"{bad} 行需要修改，什么都没有保存。改好再导入，或加 --skip-bad 跳过这些行。"
        )
    _tell(save_rows(county, sheet.rows, by=None, now=clock.now()))


def _tell(result: Imported) -> None:
    for words, names in (("新增", result.new), ("更新", result.changed)):
        for name in names:
            click.echo(f"{words} {name}")
    click.echo(result.sentence)
