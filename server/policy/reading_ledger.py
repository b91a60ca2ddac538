"""Reading duplicates, look-back, mediation, 12345 and the year's goals (pure)."""

from server.policy.ledger import (
    HOTLINE_FIELDS,
    Duplicates,
    Every,
    Goal,
    Hotline,
    Lookback,
    Mediation,
    NamedList,
    Rhythm,
    Stratum,
)
from server.policy.reader import Node
from server.policy.reading_handling import read_each, read_steps, read_words
from server.policy.terms import Level

SOURCE = "source"
MEASURES = ("hotline_fall", "service_cover", "committee_cover", "party_cover", "old_estates_cover")


def read_duplicates(root: Node) -> Duplicates:
    """Which open reports are shown before sending."""
    with root.table("duplicates") as node:
        return Duplicates(
            days=node.number("days", least=1),
            shown=node.number("shown", least=1, most=10),
            same_spot=node.flag("same_spot", default=True),
            split_days=node.number("split_days", least=1),
            unsolved_from=node.number("unsolved_from", least=1),
            address_most=node.number("address_most", least=1),
            source=node.text(SOURCE),
        )


def read_lookback(root: Node) -> Lookback:
    """How a sample is drawn."""
    with root.table("lookback") as node:
        return Lookback(
            share_percent=node.number("share_percent", least=1, most=100),
            least=node.number("least", least=1),
            strata=read_words(node, "strata", Stratum),
            closed_days=node.number("closed_days", least=1),
            within=node.span("within"),
            source=node.text(SOURCE),
        )


def read_mediation(root: Node) -> Mediation:
    """To whom disputes are referred."""
    with root.table("mediation") as node:
        return Mediation(
            body=node.text("body"),
            centre=node.text("centre"),
            consent=node.flag("consent", default=True),
            within=node.span("within"),
            silent=read_steps(node, "silent"),
            source=node.text(SOURCE),
        )


def read_hotline(root: Node) -> Hotline:
    """The columns of 12345 work orders, in and out."""
    with (
        root.table("hotline") as node,
        node.table("columns") as columns,
        node.table("export") as export,
        node.table("categories") as categories,
    ):
        heads = {key: columns.texts(key) for key in columns.data}
        back = {heading: export.text(heading) for heading in export.data}
        required = node.texts("required")
        for table, key, fields in (
            (node, "columns", heads),
            (node, "export", back.values()),
            (node, "required", required),
        ):
            strange = sorted(set(fields) - set(HOTLINE_FIELDS))
            if strange:
                table.fault(
                    key, f"里的 “{'、'.join(strange)}” 不是可用的字段，应为 {'、'.join(HOTLINE_FIELDS)} 之一"
                )
        return Hotline(
            columns=heads,
            required=required,
            export=back,
            categories={word: categories.text(word) for word in categories.data},
            urge_to=read_words(node, "urge_to", Level),
            source=node.text(SOURCE),
        )


def read_goals(root: Node) -> dict[str, Goal]:
    """What the plan's year is to reach; a county may have none."""
    return read_each(root, "goals", _goal) if root.has("goals") else {}


def read_rhythms(root: Node) -> dict[str, Rhythm]:
    """What comes round, and how often."""
    return read_each(root, "cadences", _rhythm) if root.has("cadences") else {}


def read_lists(root: Node) -> dict[str, NamedList]:
    """The plan's own lists."""
    return read_each(root, "lists", _list) if root.has("lists") else {}


def _goal(key: str, node: Node) -> Goal:
    percent = node.number("percent", least=1, most=100)
    return Goal(key, node.text("label"), _measure(node), percent, node.text(SOURCE))


def _list(key: str, node: Node) -> NamedList:
    return NamedList(key, node.text("label"), node.texts("items"), node.text(SOURCE))


def _rhythm(key: str, node: Node) -> Rhythm:
    return Rhythm(
        key=key,
        label=node.text("label"),
        every=node.choice("every", Every),
        days=node.numbers("days", least=1, most=28),
        source=node.text(SOURCE),
    )


def _measure(node: Node) -> str:
    found = node.text("measure")
    if found not in MEASURES:
        node.fault("measure", f"应为 {'、'.join(MEASURES)} 之一，现在是 “{found}”")
    return found
