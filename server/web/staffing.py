"""The pages about reports for staff, as one list for the wiring, and what they need of the application."""

from flask import Flask

from server.notices import compose
from server.notices.trial import PURPOSE, compose_trial
from server.web import converters, navigation
from server.web.bureau import (
    audit,
    bodies,
    contact,
    counts,
    feed,
    flags,
    ledger,
    links,
    lookback,
    lookback_item,
    review,
    status,
    work_ledger,
)
from server.web.bureau import report as watched
from server.web.called import link as called_link
from server.web.manager import callers, inbox, mediation
from server.web.manager import report as handled
from server.web.staff import account, invitation, login, patrol, second_factor
from server.web.staff import help as helping

PAGES = (
    account.pages,
    audit.pages,
    bodies.pages,
    called_link.pages,
    callers.pages,
    contact.pages,
    counts.pages,
    feed.pages,
    flags.pages,
    handled.pages,
    helping.pages,
    inbox.pages,
    invitation.pages,
    ledger.pages,
    links.pages,
    login.pages,
    lookback.pages,
    lookback_item.pages,
    mediation.pages,
    patrol.pages,
    second_factor.pages,
    review.blueprint,
    status.pages,
    watched.pages,
    work_ledger.pages,
)


def install(app: Flask) -> None:
    """Numbers in addresses, the navigation, and the words of a trial push; before the pages are registered."""
    converters.install(app)
    navigation.install(app)
    compose.register((PURPOSE,), compose_trial)
