"""Which kinds somebody's words may mean: learned from a book's own vocabulary; it never decides (pure)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, log1p, sqrt

from server.policy.model import Book
from server.policy.speech import Speech

MOST = 3
NAME = 2.0
"""A kind's label and words of the book against an everyday sentence."""
PLAN = 0.5
"""The plan's own wording: several kinds share a row."""
LEAST = 0.27
"""With less in common nothing fits."""

LIKE = 0.3
"""What is less alike than this share of the best is left out."""
SURE = 0.1
AHEAD = 1.3
"""So alike, and so far before the second, it is worth a word though another kind is chosen."""
NEAR = 0.6
"""A confidential kind so near the best is hinted at."""


@dataclass(frozen=True)
class Saying:
    """A sentence as people say it, and the kinds that it is about."""

    sentence: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A kind that may be meant; `confidence` from 0 to 1 says how alike the words are, and is no probability."""

    kind: str
    confidence: float


@dataclass(frozen=True)
class Suggested:
    """At most three kinds, the likeliest first; `quiet`: rather something that one body alone may know."""

    kinds: tuple[Suggestion, ...] = ()
    quiet: bool = False

    @property
    def sure(self) -> bool:
        """Whether the first is like enough to be offered against another choice."""
        first, second = ([one.confidence for one in self.kinds] + [0.0, 0.0])[:2]
        return first >= max(SURE, AHEAD * second)


@dataclass(frozen=True)
class Vocabulary:
    """What a county's kinds sound like: for each piece of speech the kinds it speaks for, and how rare it is."""

    speech: Speech
    pull: Mapping[str, Mapping[str, float]]
    rare: Mapping[str, float]
    rarest: float
    confidential: frozenset[str]

    def suggest(self, words: str, *, most: int = MOST) -> Suggested:
        """The kinds that the words may mean; none where nothing fits. A confidential one is never named."""
        ranked = self.ranked(words)
        open_ones = [one for one in ranked if one.kind not in self.confidential][:most]
        like = tuple(one for one in open_ones if one.confidence >= LIKE * open_ones[0].confidence)
        near = {one.kind for one in ranked[:most] if one.confidence >= NEAR * ranked[0].confidence}
        return Suggested(like, quiet=bool(near & self.confidential))

    def ranked(self, words: str) -> list[Suggestion]:
        """Every kind with something in common, confidential ones as well; none where the best has too little."""
        pieces = self.speech.pieces(words)
        sums: dict[str, float] = defaultdict(float)
        for piece, weight in pieces.items():
            for kind, pull in self.pull.get(piece, {}).items():
                sums[kind] += weight * pull
        if max(sums.values(), default=0) < LEAST:
            return []
        length = sqrt(sum((weight * self._rare(piece)) ** 2 for piece, weight in pieces.items()))
        best = sorted(sums.items(), key=lambda one: -one[1])
        return [Suggestion(kind, round(value / length, 3)) for kind, value in best]

    def _rare(self, piece: str) -> float:
        """How rare a piece is; one that was never heard counts as the rarest."""
        return self.rare.get(piece, self.rarest)


def learn(book: Book, sayings: Iterable[Saying], speech: Speech) -> Vocabulary:
    """The vocabulary of a book's kinds: labels, words, the plan's wording, and everyday sentences."""
    heard: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for text, kind, weight in _texts(book, sayings):
        for piece, share in speech.pieces(text).items():
            heard[kind][piece] += weight * share
    spread = Counter(piece for pieces in heard.values() for piece in pieces)
    rare = {piece: sqrt(log(1 + len(heard) / kinds)) for piece, kinds in spread.items()}
    pull: dict[str, dict[str, float]] = defaultdict(dict)
    for kind, pieces in heard.items():
        values = {piece: log1p(often) * rare[piece] for piece, often in pieces.items()}
        length = sqrt(sum(value**2 for value in values.values()))
        for piece, value in values.items():
            pull[piece][kind] = value / length * rare[piece]
    hidden = frozenset(key for key, kind in book.kinds.items() if kind.confidential)
    return Vocabulary(speech, pull, rare, max(rare.values(), default=1.0), hidden)


def _texts(book: Book, sayings: Iterable[Saying]) -> Iterable[tuple[str, str, float]]:
    """Every text to learn from, with its kind and weight."""
    for kind in book.kinds.values():
        yield kind.label, kind.key, NAME
        yield from ((words, kind.key, NAME) for words in kind.words)
        if kind.row is not None:
            yield book.rows[kind.row].problem, kind.key, PLAN
    for saying in sayings:
        yield from ((saying.sentence, key, 1.0) for key in saying.kinds if key in book.kinds)
