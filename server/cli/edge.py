"""What every command shares: our refusals as plain sentences, one commit at the end, nothing half done."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
from flask import current_app
from flask.cli import with_appcontext

from server.core.db import db
from server.core.errors import HouseError
from server.policy.loader import books
from server.settings import Settings

P = ParamSpec("P")


def edge(command: Callable[P, None]) -> Callable[P, None]:
    """Run a command inside the application; commit when it succeeds, say what is wrong when it does not."""

    @with_appcontext
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            db.session.commit()
        except HouseError as refused:
            db.session.rollback()
            lines = [refused.message, *(f"  {key}: {words}" for key, words in refused.fields.items())]
            raise click.ClickException("\n".join(lines)) from refused
        except click.ClickException:
            db.session.rollback()
            raise

    return run


def settings() -> Settings:
    """The running application's settings."""
    found: Settings = current_app.extensions["settings"]
    return found


def known_county(_context: click.Context, _option: click.Parameter, code: str) -> str:
    """A county that has a rule book; used as the callback of `--county`."""
    if code not in books():
        offered = "、".join(f"{key}（{book.county_name}）" for key, book in sorted(books().items()))
        raise click.BadParameter(f"没有区划代码为 {code} 的规则书，现有：{offered}")
    return code


county_option = click.option("--county", required=True, callback=known_county, help="区划代码，例如 371323。")
