"""What somebody sends along with an act (pure)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Deed:
    """What comes with an act, already checked for form."""

    version: int
    text: str = ""
    photos: tuple[str, ...] = ()
    outcome: str | None = None
    basis: str | None = None
    score: int | None = None
    reasons: tuple[str, ...] = ()
    body_id: int | None = None
    joint: tuple[int, ...] = ()
    """Bodies that are to answer a part beside the one that handles."""
    part: bool = False
    """Whether a reply is the answer to the part that the actor's own body was asked."""
    until: datetime | None = None
    result: str | None = None
    """What came of a contact, a check or a second look: one of `changes.RESULTS`."""
    way: str | None = None
    """How the reporter was contacted: one of `changes.WAYS`."""
    person: str = ""
    """The responsible post of a measure."""
    lead_id: int | None = None
    """The report that this one is merged into."""

    def given(self) -> set[str]:
        """Which of the workflow's needs came along."""
        return {
            name
            for name, there in {
                "text": self.text,
                "evidence": self.photos or self.basis,
                "addition": self.text or self.photos,
                "score": self.score,
                "body": self.body_id,
                "until": self.until,
                "lead": self.lead_id,
                "result": self.result,
                "person": self.person,
            }.items()
            if there
        }
