"""What may become of a piece: its states, its checks, how long they may take; pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class Piece(StrEnum):
    """What a piece is."""

    TEXT = "text"
    PHOTO = "photo"
    ANSWER = "answer"


class State(StrEnum):
    """Where a piece stands; nothing leads away from hidden."""

    WAITING = "waiting"
    RELEASED = "released"
    REFUSED = "refused"
    HIDDEN = "hidden"


class Verdict(StrEnum):
    """What WeChat's check found, or how far it is."""

    DUE = "due"
    ASKED = "asked"
    PASS = "pass"  # noqa: S105 - WeChat's own word
    REVIEW = "review"
    RISKY = "risky"
    MANUAL = "manual"


VISIT_LASTS = timedelta(hours=2)
"""How long after a visit WeChat checks what somebody wrote (61010 afterwards)."""
ANSWER_WITHIN = timedelta(minutes=30)
"""How long WeChat may take over a photo."""
AGAIN_AFTER = tuple(timedelta(minutes=one) for one in (1, 5, 15, 30, 45))
"""When a check that got no answer is tried again; all within the two hours of a visit."""
REST = timedelta(minutes=1)
"""How long nothing is asked of a check that did not answer."""
TEXT_MOST = 2500
"""Characters that WeChat checks at once."""

NO_ACCOUNT, NO_OPENID, VISIT_OVER = "no_account", "no_openid", "visit_over"
DOWN, LATE, UNREAD, STAFF, LONG = "down", "late", "unread", "staff", "long"
WHY: Mapping[str, str] = {
    NO_ACCOUNT: "没有开通微信内容检查，请人工审核",
    NO_OPENID: "不是从小程序提交的，微信不能检查，请人工审核",
    VISIT_OVER: "提交人两小时内没有打开过小程序，微信不能检查，请人工审核",
    DOWN: "微信检查接口没有回应，请人工审核",
    LATE: "微信检查结果一直没有返回，请人工审核",
    UNREAD: "微信没能读到这张照片，请人工审核",
    STAFF: "工作人员的答复，请人工审核",
    LONG: "文字太长，微信不能检查，请人工审核",
}
LABELS: Mapping[int, str] = {
    100: "正常",
    10001: "广告",
    20001: "时政",
    20002: "色情",
    20003: "辱骂",
    20006: "违法犯罪",
    20008: "欺诈",
    20012: "低俗",
    20013: "版权",
    21000: "其他",
}


def check_words(verdict: str, why: str) -> str:
    """How a check stands, for whoever reviews."""
    label = LABELS.get(int(why), why) if why.isdigit() else ""
    said = {
        Verdict.DUE: "正在等微信检查" + (f"（{WHY[DOWN].split('，')[0]}，会再试）" if why == DOWN else ""),
        Verdict.ASKED: "微信正在检查",
        Verdict.PASS: "微信检查：未发现问题",
        Verdict.REVIEW: f"微信检查：需要人工确认（{label}）",
        Verdict.RISKY: f"微信检查：建议不公开（{label}）",
        Verdict.MANUAL: WHY.get(why, "请人工审核"),
    }
    return said[Verdict(verdict)]


def again_after(tries: int) -> timedelta | None:
    """How long to wait before the next try; None when a person must look."""
    return AGAIN_AFTER[tries - 1] if 0 < tries <= len(AGAIN_AFTER) else None
