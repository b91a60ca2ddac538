"""Reading a book's terms: hours, clocks, escalation, limits, words, disclosures (pure)."""

from datetime import time
from itertools import pairwise

from server.policy.model import Cadence, Disclosure, Plan
from server.policy.reader import Node
from server.policy.reading_handling import read_steps
from server.policy.terms import (
    Escalation,
    EscalationStep,
    Guard,
    Level,
    Limits,
    Phrases,
    Posts,
    Publishing,
    QuietHours,
    Ratings,
    TimeClass,
)

SOURCE = "source"
PAIR = 2
STARS = 5
USUAL_HOURS = ((time(8, 30), time(17, 30)),)


def read_hours(root: Node) -> tuple[tuple[time, time], ...]:
    """Office hours of a working day, pair by pair."""
    with root.table("working_hours") as node:
        node.text(SOURCE)
        node.has("spans")
        spans = node.data.get("spans")
        if not isinstance(spans, list) or not all(
            isinstance(pair, list) and len(pair) == PAIR for pair in spans
        ):
            node.fault("spans", "应为起止时间的列表，例如 [[08:30:00, 12:00:00], [14:00:00, 17:30:00]]")
            return USUAL_HOURS
        edges = [edge for pair in spans for edge in pair]
        times = bool(edges) and all(type(edge) is time for edge in edges)
        if not times or any(one >= other for one, other in pairwise(edges)):
            node.fault("spans", "里的时间应逐个变晚，不能重叠，也不能跨过午夜")
            return USUAL_HOURS
        return tuple((start, end) for start, end in spans)


def read_quiet(root: Node) -> QuietHours:
    """When pushes wait."""
    with root.table("quiet_hours") as node:
        node.text(SOURCE)
        return QuietHours(node.clock("start"), node.clock("end"), node.texts("spares", least=0))


def read_classes(root: Node) -> dict[str, TimeClass]:
    """The time classes with their two clocks."""
    found = {}
    with root.table("classes") as classes:
        for key, node in classes.tables():
            with node:
                found[key] = TimeClass(
                    key=key,
                    label=node.text("label"),
                    accept=node.span("accept"),
                    resolve=node.span("resolve"),
                    extension_by=node.choice("extension_by", Level),
                    source=node.text(SOURCE),
                )
    return found


def read_escalation(root: Node) -> Escalation:
    """Whom to tell when each clock has run out."""
    with root.table("escalation") as node:
        return Escalation(accept=_lines(node, "accept"), resolve=_lines(node, "resolve"))


def read_limits(root: Node) -> Limits:
    """The single figures, each in the table that says what it is about."""
    with (
        root.table("reopening") as reopening,
        root.table("extension") as extension,
        root.table("hand_back") as hand_back,
        root.table("unconfirmed") as unconfirmed,
        root.table("retention") as retention,
    ):
        for node in (reopening, extension, hand_back, unconfirmed, retention):
            node.text(SOURCE)
        return Limits(
            reopen_clock_percent=reopening.number("clock_percent", least=1, most=100),
            reopen_times=reopening.number("times"),
            extension_percent=extension.number("longest_percent", least=1, most=100),
            extension_times=extension.number("times"),
            hand_back_to_bureau_at=hand_back.number("to_bureau_at", least=1),
            unconfirmed_after=unconfirmed.span("after"),
            contact_days=retention.number("contact_days", least=1),
        )


def read_publishing(root: Node) -> Publishing:
    """Who releases what residents wrote, and how soon."""
    with root.table("publishing") as node:
        node.text(SOURCE)
        return Publishing(
            release_on_pass=node.flag("release_on_pass", default=False),
            by_community=node.flag("by_community", default=True),
            review_within=node.span("review_within"),
        )


def read_ratings(root: Node) -> Ratings:
    """Stars and reasons."""
    with root.table("ratings") as node:
        node.text(SOURCE)
        best = node.number("best", least=STARS, most=STARS)
        satisfied = node.number("satisfied_from", least=1, most=best)
        unhappy = node.number("unhappy_to", least=1, most=max(satisfied - 1, 1))
        return Ratings(best, satisfied, unhappy, node.texts("good"), node.texts("bad"))


def read_phrases(root: Node) -> Phrases:
    """Sentences to tap, by the act they belong to."""
    with root.table("phrases") as node:
        return Phrases(**{act: node.texts(act) for act in Phrases.__dataclass_fields__})


def read_posts(root: Node) -> Posts:
    """Names of the posts below the county."""
    with root.table("posts") as node:
        return Posts(node.text("manager"), node.text("community"), node.text("township"))


def read_guard(root: Node) -> Guard:
    """Figures against flooding and unfair counting, and of patrols."""
    with (
        root.table("guard") as guard,
        guard.table("senders") as senders,
        guard.table("fairness") as fairness,
        guard.table("patrol") as patrol,
    ):
        for node in (senders, fairness, patrol):
            node.text(SOURCE)
        counted = ("short_minutes", "short_most", "day_most", "address_hour_most", "estate_hour_most")
        judged = ("repeat_days", "repeat_from", "bulk_minutes", "bulk_from")
        return Guard(
            **{name: senders.number(name, least=1) for name in counted},
            **{name: fairness.number(name, least=1) for name in judged},
            patrol_days=patrol.number("days", least=1),
        )


def read_plan(root: Node) -> Plan:
    """The document."""
    with root.table("plan") as node:
        return Plan(node.text("number"), node.text("title"), node.day("issued_on"))


def read_groups(root: Node) -> tuple[str, ...]:
    """The task force's groups, where the plan has one."""
    if not root.has("task_force"):
        return ()
    with root.table("task_force") as node:
        return node.texts("groups")


def read_disclosures(root: Node) -> dict[str, Disclosure]:
    """What is shown, how often, and when it counts as stale or missing."""
    with root.table("disclosures") as table:
        return {key: _disclosure(key, node) for key, node in table.tables()}


def _disclosure(key: str, node: Node) -> Disclosure:
    with node:
        cadence = node.choice("cadence", Cadence)
        quarterly = cadence is Cadence.QUARTERLY
        return Disclosure(
            key=key,
            label=node.text("label"),
            cadence=cadence,
            due_days=node.number("due_days", least=1) if quarterly else None,
            stale_days=None if quarterly else node.number("stale_days", least=1),
            places=node.number("places", least=1) if node.has("places") else None,
            source=node.text(SOURCE),
        )


def _lines(escalation: Node, clock: str) -> dict[str, tuple[EscalationStep, ...]]:
    found = {}
    with escalation.table(clock) as table:
        for key, node in table.tables():
            with node:
                node.text(SOURCE)
                found[key] = read_steps(node, "steps")
        if not table.has("other"):
            table.fault("other", "没有写，应列出其余时限类别超时后通知谁")
    return found
