"""From a hotline's words to a kind of the book; pure. Suggestion only: the bureau's own choice goes before."""

import re

from server.interop.hotline.columns import plain
from server.policy.model import Book

LEAST = 2
"""A shorter word says too little inside a sentence."""
PARTS = re.compile(r"[/>\\|、,，;；→-]+")


class Kinds:
    """A book's words for its kinds, ready to be looked up."""

    def __init__(self, book: Book) -> None:
        categories = {plain(words): kind for words, kind in book.hotline.categories.items()}
        own = {plain(one): kind.key for kind in book.kinds.values() for one in (*kind.words, kind.label)}
        self.words = own | categories
        self.longest = sorted((one for one in self.words if len(one) >= LEAST), key=lambda one: -len(one))

    def find(self, words: str) -> str | None:
        """The kind that the words name: as a whole, by their last part, else by the longest word in them."""
        said = plain(words)
        for one in (said, *(plain(part) for part in reversed(PARTS.split(words)))):
            if one in self.words:
                return self.words[one]
        return next((self.words[one] for one in self.longest if one in said), None)


def kind_for(words: str, book: Book) -> str | None:
    """The key of the kind that a hotline's words mean, or None where the book has no word for it."""
    return Kinds(book).find(words)
