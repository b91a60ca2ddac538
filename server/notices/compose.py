"""What a push says is made when it is sent, from how things stand then; no room's words are stored."""

from collections.abc import Callable

from server.notices.channels import Message
from server.notices.models import Push

Composer = Callable[[Push], Message | None]
_composers: dict[str, Composer] = {}


def register(purposes: tuple[str, ...], composer: Composer) -> None:
    """A room above says which purposes it finds the words for."""
    for purpose in purposes:
        _composers[purpose] = composer


def compose(push: Push) -> Message | None:
    """The message of a push row, or None when there is nothing to tell any more."""
    composer = _composers.get(push.purpose)
    return composer(push) if composer else None
