"""`flask --app wsgi import …`: places from tables."""

from pathlib import Path

import click
from flask.cli import AppGroup

from server.cli.edge import county_option, edge
from server.companies.imports import Imported, read_table, rehearse, save_rows
from server.core import clock
from server.core.db import db
from server.interop.hotline.drafts import answer_for
from server.interop.hotline.reading import Reading, read_file, understand
from server.interop.hotline.taking import CHUNK, Taken, take_in

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


@importing.command("hotline", help="导入 12345 工单：CSV、XLS 或 XLSX；导过的不会再进一次。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@county_option
@click.option("--history", is_flag=True, help="往年工单：只用来对比目标，不派件、不计时、不推送。")
@click.option("--dry-run", is_flag=True, help="只检查并列出有问题的行，什么都不保存。")
@edge
def hotline(*, file: Path, county: str, history: bool, dry_run: bool) -> None:
    """Take the good rows in, chunk by chunk; every bad one is named and left out."""
    now = clock.now()
    reading = understand(county, read_file(county, file.read_bytes()), history=history, now=now)
    if reading.missing:
        raise click.ClickException(
            f"表里没有找到这些列：{'、'.join(reading.missing)}。请在网页“12345”里指定列。"
        )
    for fault in reading.sheet.faults:
        click.echo(fault.sentence, err=not dry_run)
    ready, bad = len(reading.sheet.rows), reading.sheet.bad
    if dry_run:
        click.echo(f"检查完毕，没有保存。{bad} 行需要修改，可以导入 {ready} 件。")
        return
    taken = _take_in(county, reading, history=history)
    answer_for(county, taken, bad=bad, history=history, by=None, now=now)
    click.echo(taken.sentence + (f"{bad} 行没有导入，请改好后再导一次。" if bad else ""))


def _take_in(county: str, reading: Reading, *, history: bool) -> Taken:
    """All chunks, each kept at once, so that a broken run goes on where it was."""
    taken, rows = Taken(), reading.sheet.rows
    for start in range(0, len(rows), CHUNK):
        taken += take_in(county, rows[start : start + CHUNK], history=history, now=clock.now())
        db.session.commit()
    return taken


def _tell(result: Imported) -> None:
    for words, names in (("新增", result.new), ("更新", result.changed)):
        for name in names:
            click.echo(f"{words} {name}")
    click.echo(result.sentence)
