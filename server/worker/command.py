"""`flask --app wsgi work`: one worker; any number may run side by side."""

import asyncio
import logging

import click
from flask import current_app
from flask.cli import with_appcontext

from server.core import logs
from server.worker.listening import listen
from server.worker.run import plug, work

CONCURRENCY = 10
POOL = 20
"""Connections that the application's engine gives one process."""


@click.command("work", help="后台进程：推送、时限、清理。可以同时运行多个。")
@click.option(
    "--concurrency",
    type=click.IntRange(1, POOL),
    default=CONCURRENCY,
    show_default=True,
    help="同时处理的任务数。",
)
@click.option("--metrics", default="", help="地址:端口，给监控看自己的计数；不写用 WORKER_METRICS。")
@with_appcontext
def work_command(*, concurrency: int, metrics: str) -> None:
    """Work until SIGTERM or Ctrl-C; jobs under way are finished first."""
    logs.setup()
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - flask's own way
    plug(app)
    listen(metrics or app.extensions["settings"].worker_metrics)
    click.echo("后台进程已启动，按 Ctrl-C 停止。")
    asyncio.run(work(app, concurrency=concurrency))
    click.echo("后台进程已停止。")
