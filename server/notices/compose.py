"""What a push says is made when it is sent, from how things stand then; no room's words are stored."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from server.core.db import db
from server.notices.channels import Message
from server.notices.models import Push

Composer = Callable[[Push], Message | None]
_composers: dict[str, Composer] = {}
log = logging.getLogger(__name__)


class UnknownPurpose(LookupError):
    """No room of this program has words for a purpose: a newer program wrote the push, and a newer worker has them."""


@dataclass(frozen=True)
class Words:
    """The words of a push; without a message they could not be found this time."""

    message: Message | None


def register(purposes: tuple[str, ...], composer: Composer) -> None:
    """A room above says which purposes it finds the words for."""
    for purpose in purposes:
        _composers[purpose] = composer


def compose(push: Push) -> Message | None:
    """The message of a push row, or None when there is nothing to tell any more. Raises UnknownPurpose."""
    if push.purpose not in _composers:
        raise UnknownPurpose(push.purpose)
    return _composers[push.purpose](push)


def find_words(push: Push) -> Words | None:
    """None when there is nothing to tell any more; a fault must not keep the row from being judged."""
    try:
        with db.session.begin_nested():
            message = compose(push)
    except UnknownPurpose:
        log.warning("push %s: its purpose is unknown here; a newer worker will know it", push.id)
        return Words(None)
    except Exception:
        log.exception("push %s: no words found", push.id)
        return Words(None)
    return Words(message) if message else None
