"""Reports that come by another road than the product's own pages: their own time and the stricter deadline hold (pure)."""

import re
from dataclasses import dataclass
from datetime import datetime

from server.policy.clocks import Due

PRODUCT, HOTLINE = "product", "hotline"
HOTLINE_NAME = "12345"
ORDER = re.compile(rf"{HOTLINE_NAME} 工单 \S+")


@dataclass(frozen=True)
class Origin:
    """Whence a report comes that was not filed here (A11)."""

    source: str
    label: str
    """Who sent it, as its history says."""
    submitted_at: datetime
    due_at: datetime | None = None


def order_label(number: str) -> str:
    """The hotline in a report's history, for whoever may know which order it was."""
    return f"{HOTLINE_NAME} 工单 {number}"


def without_orders(text: str) -> str:
    """A text that names the hotline alone: under its number an order travels with the caller's name and phone."""
    return ORDER.sub(HOTLINE_NAME, text)


def stricter(deadline: Due, origin: Origin | None) -> Due:
    """The book's deadlines, or the sender's own where it is the earlier one."""
    if origin is None or origin.due_at is None:
        return deadline
    return Due(min(deadline.accept_due_at, origin.due_at), min(deadline.resolve_due_at, origin.due_at))


def whence(origin: Origin | None, filed_by: int | None) -> dict[str, str]:
    """By which road it came, and who sent it in the words of its history."""
    if origin is not None:
        return {"source": origin.source, "by_label": origin.label}
    return {"source": PRODUCT, "by_label": "报告人" if filed_by is None else "工作人员代为登记"}
