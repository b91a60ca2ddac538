"""Logging in by WeChat: a code in, a session or a visitor out; session_key and openid go no further."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from server.accounts.models import Session
from server.accounts.sessions import open_for_resident
from server.core.errors import HouseError, Invalid, NotFound, NotLoggedIn, Unavailable
from server.notices.channels import RefusalKind
from server.wechat import plug, residents
from server.wechat.errors import WeChatRefused
from server.wechat.gate import Busy

if TYPE_CHECKING:
    from server.wechat.mini import MiniProgram
    from server.wechat.mp import ServiceAccount, Visitor

T = TypeVar("T")
AGAIN_SECONDS = 30
NO_MINI = "这里还没有开通小程序，请扫码用网页上报。"
NO_MP = "这里还没有开通微信登录；不登录也可以上报和查看进展。"
log = logging.getLogger(__name__)


def mini_login(code: str, *, device: str, now: datetime) -> tuple[str, Session]:
    """A resident's session for a mini-program's login code. Raises Invalid, NotLoggedIn, Unavailable."""
    mini = mini_program()
    user = asked(lambda: mini.code2session(code))
    resident_id = residents.welcome(mini.appid, user.openid, residents.MINI, now=now)
    return open_for_resident(resident_id, device=device, now=now)


def mini_program() -> "MiniProgram":
    """The mini-program. Raises Invalid where none is set up."""
    found = plug.accounts().mini
    if found is None:
        raise Invalid(NO_MINI, fields={"app": NO_MINI}, code="no_mini_program")
    return found


def service_account() -> "ServiceAccount":
    """The service account. Raises NotFound where none is set up."""
    found = plug.accounts().mp
    if found is None:
        raise NotFound(NO_MP)
    return found


def visitor_of(code: str) -> "Visitor":
    """Who came back from the H5 login with this code. Raises NotLoggedIn, Unavailable, NotFound."""
    account = service_account()
    return asked(lambda: account.exchange(code))


def asked(call: Callable[[], T]) -> T:
    """What WeChat answered; its refusal, or its silence, becomes one of ours, without cause or address."""
    try:
        return plug.gate().through(call)
    except WeChatRefused as refused:
        ours = excused(refused)
    except Busy:
        ours = away()
    raise ours


def excused(refused: WeChatRefused) -> HouseError:
    """Our words for a refusal: a code that is no good, or WeChat being away."""
    if refused.kind is RefusalKind.FINAL:
        return NotLoggedIn("微信登录没有成功，可能是等得太久了，请重新进入一次。", code="wechat_code")
    log.warning("WeChat is no help now: %s %s", refused.code, refused.rid)
    return away()


def away() -> Unavailable:
    """Our words for WeChat being away."""
    return Unavailable(
        "微信暂时没有回应，请半分钟后再试；不登录也可以上报。", retry_after=AGAIN_SECONDS, code="wechat_away"
    )
