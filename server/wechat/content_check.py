"""WeChat's checks of texts and pictures, as server.moderation asks for them."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select

from server.accounts.models import Resident, Session
from server.core.crypto import Unreadable, vault
from server.core.db import db
from server.moderation.checking import Found
from server.moderation.rules import NO_ACCOUNT, NO_OPENID, VISIT_LASTS, VISIT_OVER
from server.photos.links import Size
from server.photos.service import link
from server.wechat.errors import PAUSE, WeChatRefused

if TYPE_CHECKING:
    from server.wechat.mini import MiniProgram


class ContentCheck:
    """Asks in the name of whoever opened the mini-program within the last two hours; nobody else can be asked about."""

    def __init__(self, mini: "Callable[[], MiniProgram | None]") -> None:
        self._mini = mini

    def visitor(self, resident_id: int | None, *, now: datetime) -> tuple[str, str]:
        """The openid in whose name to ask, or empty, with the reason why there is none."""
        account = self._mini()
        if account is None:
            return "", NO_ACCOUNT
        row = db.session.execute(
            select(Resident.openid_sealed, Session.created_at)
            .join(Session, Session.resident_id == Resident.id)
            .where(Resident.id == resident_id, Resident.appid == account.appid)
            .order_by(Session.created_at.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return "", NO_OPENID
        if row.created_at < now - VISIT_LASTS:
            return "", VISIT_OVER
        try:
            return vault().open(row.openid_sealed), ""
        except Unreadable:
            return "", NO_OPENID

    def text(self, openid: str, text: str) -> Found:
        """What is to be said of a text. Raises Refused."""
        said = self._account().msg_sec_check(openid, text)
        return Found(said.suggest, said.label)

    def photo(self, openid: str, photo_id: str, *, now: datetime) -> str:
        """Ask about a photo by an address that runs out; the number that its result will carry. Raises Refused."""
        address = current_app.extensions["settings"].base_url + link(photo_id, Size.FULL, now=now)
        return self._account().media_check(openid, address)

    def _account(self) -> "MiniProgram":
        account = self._mini()
        if account is None:
            raise WeChatRefused(NO_ACCOUNT, PAUSE)
        return account
