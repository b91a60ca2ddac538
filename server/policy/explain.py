"""Who must do this, by when, who stands above, and by which clause, in plain Chinese from the book (pure)."""

from dataclasses import dataclass

from server.policy.clocks import OTHER
from server.policy.model import Book, FirstHand, Kind
from server.policy.routing import Route, route
from server.policy.spans import Span
from server.policy.terms import EscalationStep, Level

DEFAULT = "default"


@dataclass(frozen=True)
class Names:
    """What the bodies on the ground are called where the question is asked."""

    manager: str
    """The company, or whoever stands in its place."""
    community: str
    township: str


@dataclass(frozen=True)
class Explanation:
    """A kind's rule in sentences; `rule` and `clocks` say which clause each rests on."""

    key: str
    label: str
    first: str
    lead: str
    others: str
    at_once: str
    times: str
    above: tuple[str, ...]
    extras: tuple[str, ...]
    rule: str
    clocks: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As lines of a table, only what there is."""
        lines = [
            ("谁先办", self.first),
            ("牵头部门", self.lead),
            ("共同负责", self.others),
            ("立即通知", self.at_once),
            ("什么时候", self.times),
            ("超时", "".join(self.above)),
            ("另外", "".join(self.extras)),
            ("依据", self.rule),
            ("时限依据", "" if self.clocks == self.rule else self.clocks),
        ]
        return [(name, words) for name, words in lines if words]


def explain(book: Book, kind_key: str, names: Names) -> Explanation:
    """The rule of a kind; KeyError for one that the book does not have, ValueError for a confidential one."""
    kind, way = book.kinds[kind_key], route(book, kind_key)
    if kind.confidential:
        raise ValueError(kind_key)
    times = book.classes[kind.time_class]
    return Explanation(
        key=kind.key,
        label=kind.label,
        first=first_hand(book, way, names),
        lead=book.bodies[way.lead].name if way.lead else "",
        others=_listed([*_named(book, way.joint), *([_township(way, names)] if way.township else [])]),
        at_once=_listed(_named(book, way.safety)),
        times=f"{times.accept.words}内受理，{times.resolve.words}内答复，从提交时算起。",
        above=_above(book, kind, names),
        extras=_extras(book, kind, names),
        rule=clause(book.rows[kind.row].source if kind.row is not None else kind.source),
        clocks=clause(times.source),
    )


def first_hand(book: Book, way: Route, names: Names) -> str:
    """Who takes it up first: the lead body where the book says so, else whoever manages the estate."""
    return book.bodies[way.lead].name if way.first is FirstHand.LEAD and way.lead else names.manager


def clause(source: str) -> str:
    """A `source` for residents: the plan's number and section, or that the plan gives none."""
    if source == DEFAULT:
        return "计划没有规定，按默认办法"
    return source.replace(DEFAULT, "默认")


def overrun(steps: tuple[EscalationStep, ...], names: Names, bureau: str) -> str:
    """Who is told one after the other, as a clause without an end."""
    who = {Level.COMMUNITY: names.community, Level.TOWNSHIP: names.township, Level.BUREAU: bureau}
    return "，".join(
        f"{_after(step.after, first=n == 0)}通知{who[step.level]}" for n, step in enumerate(steps)
    )


def _after(span: Span, *, first: bool) -> str:
    if not span.amount:
        return "立即" if first else "同时"
    return f"再过{span.words}"


def _above(book: Book, kind: Kind, names: Names) -> tuple[str, ...]:
    bureau = book.bodies[book.bureau].name
    found = []
    for words, lines in (
        ("到时没有受理", book.escalation.accept),
        ("到时没有答复", book.escalation.resolve),
    ):
        steps = lines.get(kind.time_class, lines[OTHER])
        found.append(f"{words}：{overrun(steps, names, bureau)}。")
    return tuple(found)


def _extras(book: Book, kind: Kind, names: Names) -> tuple[str, ...]:
    """What else this county does with such a report."""
    found = []
    if book.contact.ordered:
        span = book.contact.patience.span(kind.time_class).words
        found.append(f"{names.community}{span}内先联系您（{clause(book.contact.source)}）。")
    if book.second_body.checks(kind.time_class):
        found.append(f"答复后先由社区核对，再请您确认（{clause(book.second_body.source)}）。")
    if kind.key in book.hazard.kinds:
        days = book.hazard.reinspect_after.words
        found.append(
            f"属于安全隐患，要写明措施、期限和责任人，整改{days}后复查（{clause(book.hazard.source)}）。"
        )
    return tuple(found)


def _named(book: Book, keys: tuple[str, ...]) -> list[str]:
    return [book.bodies[key].name for key in keys]


def _township(way: Route, names: Names) -> str:
    return f"{names.township}{way.township_part}"


def _listed(words: list[str]) -> str:
    return "、".join(dict.fromkeys(words))
