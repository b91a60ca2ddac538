"""`flask --app wsgi policy …`: rule books checked before they are used, and their bodies made."""

import sys

import click
from flask.cli import AppGroup

from server.accounts.bodies import ensure_bodies
from server.cli.edge import county_option, edge, settings
from server.core import clock
from server.policy.inspection import main
from server.policy.loader import books

rulebooks = AppGroup("policy", help="各县规则书。")


@rulebooks.command(
    "check", help="检查一本规则书或一个文件夹；不写就检查随程序的和 BOOKS_DIR 里的。", with_appcontext=True
)
@click.argument("file", required=False)
def check(file: str | None) -> None:
    """Say what is wrong in plain Chinese; ends with 1 where anything is. Asks no database."""
    places = [file] if file else [None, settings().books_dir or None]
    wanted = [[place] if place else [] for place in dict.fromkeys(places)]
    if sum(main(place, sys.stdout) for place in wanted):
        raise SystemExit(1)


@rulebooks.command("bodies", help="按现行规则书建立还没有的部门和岗位。")
@county_option
@edge
def bodies(county: str) -> None:
    """Make the bodies that a new version of the book names; those that are there stay as they are."""
    ensure_bodies(books()[county], now=clock.now())
    click.echo(f"{books()[county].county_name}：规则书里的部门和岗位都有了。")
