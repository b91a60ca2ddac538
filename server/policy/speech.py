"""How somebody says or types it, brought to one way of writing and cut into short pieces (pure)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

GAP = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
WEIGHTS = {1: 0.5, 2: 1.0, 3: 1.0}
"""Length of a piece → its weight; one character alone says less."""


@dataclass(frozen=True)
class Speech:
    """Plain words for dialect and nicknames; the usual character for those that sound or look alike."""

    plain: Mapping[str, str]
    sounds: Sequence[str]
    """Groups of characters, the usual one first."""

    def fold(self, text: str) -> str:
        """The text with one way of writing for each thing; punctuation becomes a space."""
        told = unicodedata.normalize("NFKC", text).lower()
        told = self._spoken.sub(lambda found: self.plain[found[0]], told)
        return GAP.sub(" ", told.translate(self._typed)).strip()

    def pieces(self, text: str) -> dict[str, float]:
        """Every run of one to three characters with its weight, each once, none across punctuation."""
        parts = self.fold(text).split()
        return {
            part[at : at + size]: weight
            for size, weight in WEIGHTS.items()
            for part in parts
            for at in range(len(part) - size + 1)
        }

    @cached_property
    def _spoken(self) -> re.Pattern[str]:
        words = sorted(self.plain, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, words)) or "(?!)")

    @cached_property
    def _typed(self) -> dict[int, str]:
        return {ord(one): group[0] for group in self.sounds for one in group[1:]}
