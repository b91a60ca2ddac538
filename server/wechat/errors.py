"""Refusals by WeChat and WeCom, and what each error code asks for."""

from http import HTTPStatus

from server.notices.channels import RefusalKind, Refused

RETRY, REFRESH, PAUSE, FINAL = RefusalKind.RETRY, RefusalKind.REFRESH, RefusalKind.PAUSE, RefusalKind.FINAL

TIMEOUT = "timeout"
NETWORK = "network"
MALFORMED = "malformed"
TOKEN_BUSY = "token_busy"  # noqa: S105 - a code of ours
"""Another process has been fetching the token for too long."""

# PAUSE covers quotas and faults of the account itself (wrong secret, address not on the allow list, interface
# not granted): the next message over the same channel would meet the same answer. FINAL is about this one
# addressee or this one message, so the next channel may still succeed.
KINDS: dict[int, RefusalKind] = {
    -1: RETRY,
    43108: RETRY,
    40001: REFRESH,
    40014: REFRESH,
    42001: REFRESH,
    40002: PAUSE,
    40013: PAUSE,
    40056: PAUSE,
    40125: PAUSE,
    40164: PAUSE,
    41002: PAUSE,
    41004: PAUSE,
    44990: PAUSE,
    44991: PAUSE,
    45009: PAUSE,
    45011: PAUSE,
    45033: PAUSE,
    48001: PAUSE,
    60020: PAUSE,
    89503: PAUSE,
    93000: PAUSE,
    301002: PAUSE,
    40003: FINAL,
    40004: FINAL,
    40007: FINAL,
    40029: FINAL,
    40036: FINAL,
    40037: FINAL,
    40163: FINAL,
    40226: FINAL,
    41030: FINAL,
    43004: FINAL,
    43101: FINAL,
    43107: FINAL,
    43104: FINAL,
    45168: FINAL,
    47001: FINAL,
    47003: FINAL,
    61010: FINAL,
    81013: FINAL,
    87020: FINAL,
}


def classify(errcode: int) -> RefusalKind:
    """What an errcode asks for; an unknown one is final, so that the next channel is tried and it shows."""
    return KINDS.get(errcode, FINAL)


def classify_status(status: int) -> RefusalKind:
    """What an HTTP status other than 2xx asks for."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return PAUSE
    return RETRY if status >= HTTPStatus.INTERNAL_SERVER_ERROR else FINAL


class WeChatRefused(Refused):
    """An answer that is not a success; `rid` is Tencent's request id where one came along."""

    def __init__(self, code: str, kind: RefusalKind, *, rid: str = "", reached: bool = True) -> None:
        super().__init__(code, kind, reached=reached)
        self.rid = rid


def refusal(errcode: int, *, rid: str = "") -> WeChatRefused:
    """The refusal for an errcode."""
    return WeChatRefused(str(errcode), classify(errcode), rid=rid)
