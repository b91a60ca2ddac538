"""Reading how a county handles what goes beyond the estate: whistle, contact, evidence, hazards (pure)."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from server.policy import handling
from server.policy.handling import (
    OTHER,
    Caller,
    Evidence,
    EvidenceRules,
    Patience,
    Proof,
    Stand,
)
from server.policy.reader import Node
from server.policy.spans import Span
from server.policy.terms import EscalationStep, Level

SOURCE = "source"
Word = TypeVar("Word", bound=StrEnum)
Read = TypeVar("Read")


def read_whistle(root: Node) -> handling.Whistle:
    """Who may whistle for whom, and the clocks of the called."""
    with root.table("whistle") as node, node.table("answer") as answer:
        return handling.Whistle(
            name=node.text("name"),
            by=read_words(node, "by", Caller),
            bodies=node.texts("bodies"),
            township=node.flag("township", default=False),
            report_in=_patience(node, "report_in"),
            answer_percent=answer.number("percent", least=1, most=100),
            answer_silent=read_steps(answer, "silent"),
            link_days=node.number("link_days", least=1, most=90),
            source=_sourced(node, answer),
        )


def read_contact(root: Node) -> handling.Contact:
    """The contact step."""
    with root.table("contact") as node:
        ordered = node.flag("ordered", default=False)
        return handling.Contact(ordered, _patience(node, "clock"), node.text(SOURCE))


def read_second_body(root: Node) -> handling.SecondBody:
    """The check before the reporter is asked."""
    with root.table("second_body") as node:
        return handling.SecondBody(
            asked=node.flag("asked", default=False),
            by=node.choice("by", Level),
            classes=node.texts("classes", least=0),
            within=node.span("within"),
            source=node.text(SOURCE),
        )


def read_evidence(root: Node) -> EvidenceRules:
    """What a resolution must show."""
    with root.table("evidence") as node, node.table("same_words") as same, node.table(OTHER) as other:
        same.text(SOURCE)
        return EvidenceRules(
            other=_evidence(OTHER, other),
            tiles=read_each(node, "tiles", _evidence),
            kinds=read_each(node, "kinds", _evidence),
            same_words_from=same.number("from", least=2),
            same_words_days=same.number("days", least=1),
            same_words_percent=same.number("percent", least=1, most=100),
        )


def read_outcomes(root: Node) -> dict[str, handling.Outcome]:
    """The ways to end, in the order in which they are offered."""
    return read_each(root, "outcomes", _outcome)


def read_hazard(root: Node) -> handling.Hazard:
    """What is a danger, and what follows."""
    with root.table("hazard") as node:
        return handling.Hazard(
            kinds=node.texts("kinds"),
            phone_first=node.texts("phone_first", least=0),
            measure_within=node.span("measure_within"),
            longest_days=node.number("longest_days", least=1),
            reinspect_after=node.span("reinspect_after"),
            reinspect_by=node.choice("reinspect_by", Level),
            filed_with=node.texts("filed_with", optional=True),
            source=node.text(SOURCE),
        )


def read_committee(root: Node) -> handling.Committee:
    """Who acts for a committee that is not there."""
    with root.table("committee") as node:
        return handling.Committee(
            by=node.choice("by", Level),
            powers=node.texts("powers"),
            announced=node.flag("announced", default=True),
            source=node.text(SOURCE),
        )


def read_no_company(root: Node) -> handling.NoCompany:
    """Who stands in the manager's place."""
    with root.table("no_company") as node:
        return handling.NoCompany(read_words(node, "stands", Stand), node.text(SOURCE))


def read_steps(node: Node, key: str) -> tuple[EscalationStep, ...]:
    """Levels to tell one after the other."""
    return tuple(read_step(step) for step in node.items(key))


def read_step(node: Node) -> EscalationStep:
    """A level, and how long after the step before it."""
    with node:
        return EscalationStep(node.choice("level", Level), node.span("after", least=0))


def _outcome(key: str, node: Node) -> handling.Outcome:
    return handling.Outcome(
        key=key,
        label=node.text("label"),
        basis=node.flag("basis", default=False),
        next_step=node.text("next_step", ""),
        solved=node.flag("solved", default=False),
        source=node.text(SOURCE),
    )


def _evidence(key: str, node: Node) -> Evidence:
    del key
    all_of = read_words(node, "all_of", Proof, least=0)
    any_of = read_words(node, "any_of", Proof, least=0)
    if not all_of and not any_of:
        node.fault("all_of", "和 any_of 不能都为空，办结应有凭据")
    return Evidence(all_of, any_of, node.number("words_least", least=1), node.text(SOURCE))


def _patience(node: Node, key: str) -> Patience:
    with node.table(key) as clock:
        clock.text(SOURCE)
        found = {name: clock.span(name) for name in clock.data if name not in (SOURCE, "silent")}
        if OTHER not in found:
            clock.fault(OTHER, "没有写，应写明其余时限类别的时长")
            found[OTHER] = Span(1, next(iter(found.values())).unit) if found else clock.span(OTHER)
        return Patience(found, read_steps(clock, "silent"))


def read_words(node: Node, key: str, options: type[Word], *, least: int = 1) -> tuple[Word, ...]:
    """A list of fixed words; others are a fault."""
    known = [option.value for option in options]
    found = node.texts(key, least=least, optional=not least)
    if not set(found) <= set(known):
        node.fault(key, f"只能是 {'、'.join(known)}，现在是 {list(found)!r}")
        return ()
    return tuple(options(word) for word in found)


def read_each(root: Node, key: str, read: Callable[[str, Node], Read]) -> dict[str, Read]:
    """Every table below a key, read one by one, by the names they have."""
    found = {}
    with root.table(key) as table:
        for name, node in table.tables():
            with node:
                found[name] = read(name, node)
    return found


def _sourced(node: Node, *parts: Node) -> str:
    """The table's own source; tables below need theirs where they hold figures."""
    for part in parts:
        part.text(SOURCE)
    return node.text(SOURCE)
