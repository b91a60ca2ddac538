"""Where staff can go from every page, by role: one table."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request

from server.accounts.permissions import JOINT_ROLES, OF_PROJECT
from server.accounts.roles import STAFF, Actor, Role

WATCHING = frozenset({Role.BUREAU, Role.TOWNSHIP, Role.COMMUNITY})
"""Roles that look after an area."""
HANDLING = WATCHING | OF_PROJECT | JOINT_ROLES
"""Roles whose bodies can have a report to deal with; a company's head reads along."""


@dataclass(frozen=True)
class Entry:
    """One entry: where it leads, its word, its drawing, and whose it is."""

    href: str
    word: str
    drawing: str
    roles: frozenset[Role]


ENTRIES = (
    Entry("/m/", "待办", "list", HANDLING - {Role.BUREAU}),
    Entry("/b/", "动态", "bell", WATCHING),
    Entry("/m/", "待办", "list", frozenset({Role.BUREAU})),
    Entry("/b/bodies", "单位", "building", frozenset({Role.BUREAU})),
    Entry("/m/mediation", "调解", "service", frozenset({Role.COURT})),
    Entry("/b/reports", "台账", "search", WATCHING),
    Entry("/b/ledger", "销号", "list", WATCHING),
    Entry("/b/lookback", "回头看", "eye", WATCHING),
    Entry("/b/review", "审核", "check", frozenset({Role.BUREAU, Role.COMMUNITY})),
    Entry("/b/counts", "统计", "chart", WATCHING),
    Entry("/b/hotline", "12345", "phone", frozenset({Role.BUREAU})),
    Entry("/patrol", "巡查", "eye", WATCHING),
    Entry("/b/estates", "小区", "building", frozenset({Role.BUREAU, Role.ADMIN})),
    Entry("/b/people", "人员", "person", frozenset({Role.BUREAU, Role.ADMIN})),
    Entry("/b/disclosures", "公开", "eye", frozenset({Role.BUREAU})),
    Entry("/m/disclosures", "公开", "eye", frozenset({Role.MANAGER, Role.COMMUNITY})),
    Entry("/b/audit", "审计", "clock", frozenset({Role.AUDITOR, Role.ADMIN})),
    Entry("/b/status", "系统", "check", frozenset({Role.BUREAU, Role.ADMIN})),
    Entry("/c/", "保密件", "list", frozenset({Role.CONFIDENTIAL})),
    Entry("/c/key", "密钥", "service", frozenset({Role.CONFIDENTIAL})),
    Entry("/account", "我的", "service", STAFF),
)


def entries_for(actor: Actor) -> list[Entry]:
    """The entries that somebody may open, in the table's order."""
    return [entry for entry in ENTRIES if entry.roles & actor.roles]


def home_of(actor: Actor) -> str:
    """Where somebody begins after logging in: what asks for him first."""
    return next((entry.href for entry in entries_for(actor)), "/account")


def here_in(path: str, entries: list[Entry]) -> str:
    """The entry that a page belongs to: the longest one that its address begins with."""
    return max((entry.href for entry in entries if path.startswith(entry.href)), key=len, default="")


def context() -> dict[str, Any]:
    """What the desk's skeleton shows; nothing where nobody asked who is there."""
    actor: Actor | None = g.get("actor")
    if actor is None or not actor.is_staff:
        return {}
    entries = entries_for(actor)
    return {
        "desk_nav": [(entry.href, entry.word, entry.drawing) for entry in entries],
        "desk_here": here_in(request.path, entries),
        "desk_name": actor.posts[0].body_name,
        "desk_user": actor.person_name,
    }


def install(app: Flask) -> None:
    """Give every template the navigation of whoever looks at it."""
    app.context_processor(context)
