"""Tokens in the database, sealed, so that every process on every machine shares one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.core import clock
from server.core.crypto import Unreadable, vault
from server.core.db import db
from server.notices.channels import RefusalKind
from server.wechat.errors import TOKEN_BUSY, WeChatRefused
from server.wechat.models import WeChatToken

ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('wechat_token:' || :key, 0))")


class DatabaseStore:
    """A `TokenStore` for all processes; each call is a short transaction of its own."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def get(self, key: str) -> str | None:
        """The value, or None when absent, expired, or sealed with a key that is gone."""
        with self._app.app_context(), _session() as session:
            found = session.get(WeChatToken, key)
            if found is None or found.expires_at <= clock.now():
                return None
            try:
                return vault().open(found.value_sealed)
            except Unreadable:
                return None

    def set(self, key: str, value: str, *, ttl: int) -> None:
        """Keep the value for `ttl` seconds."""
        with self._app.app_context(), _session() as session:
            new = {
                "value_sealed": vault().seal(value),
                "expires_at": clock.now() + timedelta(seconds=ttl),
            }
            keep = insert(WeChatToken).values(key=key, **new)
            session.execute(keep.on_conflict_do_update(index_elements=[WeChatToken.key], set_=new))
            session.commit()

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Within the block no other process is in one of the same key; raises WeChatRefused after ten seconds."""
        with self._app.app_context(), _session() as session:
            try:
                session.execute(ALONE, {"key": key})
            except OperationalError:
                late = True
            else:
                late = False
            if late:  # raised out here, so that the refusal has no context
                raise WeChatRefused(TOKEN_BUSY, RefusalKind.RETRY, reached=False)
            yield
            session.commit()


def _session() -> Session:
    """A session apart from the request's own, which must not be committed by a token."""
    return Session(db.engine, join_transaction_mode="create_savepoint")
