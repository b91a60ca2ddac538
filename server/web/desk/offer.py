"""One act as staff are offered it: title, button, what to fill in (pure)."""

from dataclasses import dataclass

from server.reports.workflow import Act


@dataclass(frozen=True)
class Offer:
    """One act on a page. An act on one tap needs nothing filled in."""

    act: Act
    title: str
    button: str
    hint: str = ""
    """May name figures of the book: `{limits.extension_times}`."""
    asks: frozenset[str] = frozenset()
    """Of text, photos, day, until, outcome, basis, body, result, way, person."""
    words: str = "说明"
    phrases: str = ""
    """The book's list of phrases for it."""
    tone: str = "plain"
    drawing: str = ""
    said: str = "已记录。"
    short: str = ""
    """A shorter title for the bar."""

    @property
    def slug(self) -> str:
        """The last part of its form's address; `contact` is where the phone is shown already."""
        return "contacted" if self.act is Act.CONTACT else self.act.value

    @property
    def tap(self) -> bool:
        """Whether one tap is enough."""
        return not self.asks


def asks(*names: str) -> frozenset[str]:
    """The fields that a form asks for."""
    return frozenset(names)
