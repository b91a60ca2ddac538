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
    until: datetime | None = None

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
            }.items()
            if there
        }
