"""`flask --app wsgi backup DIR` and `restore DIR`: everything there is, while it runs, and back again."""

from pathlib import Path

import click

from server.cli.backup import folder as folders
from server.cli.backup import manifest, pictures, restoring
from server.cli.backup.making import make
from server.cli.backup.restoring import keys_missing, same_secret
from server.cli.checking import check_rounds
from server.cli.edge import edge, settings
from server.core import backups, clock, verify
from server.core.crypto import vault
from server.core.db import db
from server.core.owner import owner_url

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("backup", help="把数据库和照片备份到文件夹 DIR（不用停机）。恢复用 restore。")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--keep",
    type=click.IntRange(1, 1000),
    help="DIR 里按时间各建一个文件夹，只留最近这么多份；没变的照片各份共用。",
)
@edge
def backup_command(*, folder: Path, keep: int | None) -> None:
    """Make one; what it is worth without the keys is said each time. Ends with 1 where photos were missing."""
    now, folder = clock.now(), folder.resolve()
    target = folders.dated(folder, now=now) if keep else folder
    aside = folder / folders.PARTIAL if keep else folder.with_name(f".{folder.name}{folders.PARTIAL}")
    older = folders.whole_ones(folder) if keep else []
    previous = older[-1] if older else None
    url = owner_url(settings())
    click.echo("正在备份数据库……")
    made = make(target, aside, previous=previous, url=url, settings=settings(), now=now, say=click.echo)
    backups.mark_backup(made)
    db.session.commit()
    for name in folders.drop_old(folder, keep=keep) if keep else ():
        click.echo(f"旧的一份删掉了：{name}")
    click.echo(f"备份好了：{target}")
    click.echo(
        f"{made.rows} 行，照片 {made.photos} 个文件，{made.size / 2**20:.1f} MB，用了 {made.seconds} 秒。"
    )
    _say_worth()
    if made.faults:
        raise click.ClickException(
            f"备份是完整的，但照片仓库里有 {made.faults} 个文件找不到或坏了，名单在 {target / manifest.MANIFEST}。"
        )


def _say_worth() -> None:
    names = "、".join(name for name, _ in vault().keys)
    click.echo(
        f"没有 DATA_KEY（现在是 {names}），这份备份里的手机号、微信身份、两步验证密钥谁也打不开，您自己也一样；"
        "没有 SECRET_KEY，居民手里的进度凭证全部失效。两样都不在备份里，请离线另存，不要和备份放在一起。"
        "报告的文字和照片在备份里是明的，请像数据库一样保管。"
    )


@click.command("restore", help="从文件夹 DIR 恢复到空的数据库和照片仓库；先停掉网页和后台进程。")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--replace", is_flag=True, help="目标不是空的也恢复：里面的内容全部丢掉。")
@click.option("--without-key", is_flag=True, help="缺密钥也恢复：加密的字段以后打不开。")
@click.option("--no-check", is_flag=True, help="恢复后不运行 check（核对已收下的报告、收件箱和推送）。")
@click.option("--check-only", is_flag=True, help="只检查备份是否完整、密钥是否对，什么都不写。")
@edge
def restore_command(
    *, folder: Path, replace: bool, without_key: bool, no_check: bool, check_only: bool
) -> None:
    """Bring a backup back; every count and every photo's hash is compared."""
    folder = folder.resolve()
    made = manifest.read(folder)
    restoring.check_revision(made)
    manifest.check_files(folder, made)
    _check_keys(made, without_key=without_key)
    if check_only:
        files = pictures.check_copies(folder)
        click.echo(f"备份完整：{made.made_at}，{made.rows} 行，照片 {files} 个文件，指纹全部相同。")
        return
    click.echo(f"正在恢复 {made.made_at} 的备份……")
    url = owner_url(settings())
    restoring.restore(folder, made, url=url, settings=settings(), replace=replace, say=click.echo)
    faults = [fault for county in verify.counties() for fault in verify.chain(county).faults]
    faults += verify.histories()
    if faults:
        raise click.ClickException("\n".join(["数据都恢复了，但审计核对有不对的：", *faults]))
    backups.mark_restore(of=made.made_at, revision=made.revision, now=clock.now())
    db.session.commit()
    click.echo("恢复好了：行数、照片、审计链都核对过。")
    if not no_check:
        _check_nothing_lost()


def _check_nothing_lost() -> None:
    """Look whether a report lacks its desks or its pushes, as `check --all` does; what can be repaired is."""
    found = check_rounds(whole=True)
    db.session.commit()
    if found.found:
        click.echo(f"check 发现 {found.found} 处，补上 {found.repaired} 处。")
    if found.lost:
        raise click.ClickException(f"有 {found.lost} 处补不上，请运行 check --all 看是哪些。")


def _check_keys(made: manifest.Manifest, *, without_key: bool) -> None:
    if missing := keys_missing(made):
        sentence = f"这份备份用密钥 {'、'.join(missing)} 加密，现在的 DATA_KEY 里没有它："
        if not without_key:
            raise click.ClickException(
                f"{sentence}手机号、微信身份、两步验证密钥将永远打不开。"
                "请把它放回 DATA_KEY；确实没有了，加 --without-key。"
            )
        click.echo(f"{sentence}加密的字段打不开。")
    if not same_secret(made):
        click.echo("SECRET_KEY 和备份时不同：进度链接、照片链接、恢复码和登录会失效。")


COMMANDS: tuple[click.Command, ...] = (backup_command, restore_command)
