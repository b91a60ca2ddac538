"""What can go wrong, in the house's own words; the edges turn these into JSON or a page."""

from typing import Any


class HouseError(Exception):
    """An expected refusal: a sentence for the person, a code for programs, a status for the edge."""

    status = 400
    code = "refused"
    title = "没有成功"

    def __init__(
        self, message: str, *, fields: dict[str, str] | None = None, code: str | None = None, **more: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}
        self.code = code or type(self).code
        self.more = more


class Invalid(HouseError):
    """What was sent cannot be taken as it is; `fields` says where."""

    status, code, title = 422, "invalid", "有内容需要修改"


class TooLarge(HouseError):
    """More bytes or pixels than are taken."""

    status, code, title = 413, "too_large", "文件太大"


class NotLoggedIn(HouseError):
    """Who are you? Log in first."""

    status, code, title = 401, "not_logged_in", "请先登录"


class Forbidden(HouseError):
    """Known, but not allowed here; never used for another's object (that is NotFound)."""

    status, code, title = 403, "forbidden", "没有权限"


class NotFound(HouseError):
    """It does not exist, or not for you; the two are not told apart."""

    status, code, title = 404, "not_found", "没有找到"


class Conflict(HouseError):
    """The thing has moved on; `more` carries its present state."""

    status, code, title = 409, "conflict", "情况已经变化"


class TooMany(HouseError):
    """Too often; says when and whom to call meanwhile."""

    status, code, title = 429, "too_many", "操作太频繁"


class Unavailable(HouseError):
    """Something we lean on is away; try again shortly, after so many seconds (`retry_after`)."""

    status, code, title = 503, "unavailable", "暂时无法使用"
    RETRY_AFTER = 30

    def __init__(self, message: str, **more: Any) -> None:
        super().__init__(message, **({"retry_after": self.RETRY_AFTER} | more))
