"""An authenticator for tests: what a person's phone would show."""

from server.accounts import second_factor, totp
from server.core import clock
from server.core.crypto import vault
from server.core.db import db


def code_of(person, *, steps=0):
    """The six digits now, or some steps away."""
    secret = vault().open(person.totp_sealed)
    return totp.code_at(secret, int(clock.now().timestamp()) + steps * totp.SECONDS)


def enrolled(person, *, session_id=None):
    """Set a second factor up for a person; gives his recovery codes. The code of the step before was used for it."""
    second_factor.begin(person)
    codes = second_factor.confirm(person, code_of(person, steps=-1), session_id=session_id, now=clock.now())
    db.session.commit()
    return codes
