"""`flask --app wsgi keys …`: under which keys our seals lie, and moving them under the newest."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy import Engine, create_engine

from server.cli.edge import edge, settings
from server.confidential.photos import reseal_photos, sealed_photo_keys
from server.core import audit, clock, rotation
from server.core.crypto import vault
from server.core.db import NATIONAL, db, sqlalchemy_url
from server.core.owner import owner_url

PHOTOS = "保密件的照片"
keys = AppGroup("keys", help="加密密钥（DATA_KEY）。")


@keys.command("status", help="每个加密字段有多少行在哪把密钥下。")
@edge
def status() -> None:
    """Print the counts, and which keys nothing needs any more."""
    known, used = [name for name, _ in vault().keys], set()
    for name, counts in _counted().items():
        used |= set(counts)
        click.echo(
            f"{name}：" + ("，".join(f"{key} {count}" for key, count in sorted(counts.items())) or "空")
        )
    click.echo(f"现在用来加密的是 {known[0]}。")
    for key in sorted(used - set(known)):
        click.echo(f"缺少密钥 {key}：还有字段要用它打开，请放回 DATA_KEY。")
    free = [key for key in known[1:] if key not in used]
    if free:
        click.echo(f"已经没有字段在用、可以从 DATA_KEY 里拿掉的：{'、'.join(free)}。")


@keys.command("rotate", help="把所有加密字段和查找指纹换到最新的密钥下；中断了可以再运行。")
@edge
def rotate() -> None:
    """Move everything; each batch is committed by itself."""
    total, lost = 0, []
    with _owner() as engine:
        for one in rotation.rotate(engine, vault()):
            click.echo(f"{one.name}：换了 {one.moved} 行")
            total += one.moved
            lost += [f"{one.name} {row}打不开" for row in one.unreadable]
    moved = reseal_photos()
    click.echo(f"{PHOTOS}：换了 {moved} 张")
    newest = vault().keys[0][0]
    facts = {"rows": str(total + moved), "unreadable": str(len(lost))}
    audit.record(NATIONAL, "key.rotate", person_id=None, about=f"key:{newest}", facts=facts, now=clock.now())
    db.session.commit()
    if lost:
        raise click.ClickException(
            "\n".join(["有字段打不开，其余的已换好。请把缺的密钥放回 DATA_KEY 再运行：", *lost])
        )
    click.echo(f"全部在 {newest} 下了。用 keys status 看哪把旧密钥可以拿掉。")


def _counted() -> dict[str, Counter[str]]:
    with _owner() as engine:
        return {**rotation.status(engine), PHOTOS: sealed_photo_keys()}


@contextmanager
def _owner() -> Iterator[Engine]:
    """The tables' owner, who alone may write again what is otherwise only added to."""
    engine = create_engine(
        sqlalchemy_url(owner_url(settings())),
        connect_args={"options": "-c timezone=utc -c lock_timeout=10s"},
    )
    try:
        yield engine
    finally:
        engine.dispose()
