"""The resident's pages as one list, for the wiring."""

from server.web.resident import (
    about,
    acts,
    contact,
    disclosures,
    find,
    landing,
    logins,
    neighbours,
    photo,
    published,
    report,
    rights,
    rules,
    track,
)

PAGES = (
    about.blueprint,
    acts.blueprint,
    contact.blueprint,
    disclosures.blueprint,
    find.blueprint,
    landing.blueprint,
    logins.blueprint,
    neighbours.blueprint,
    photo.blueprint,
    published.blueprint,
    report.blueprint,
    rights.blueprint,
    rules.blueprint,
    track.blueprint,
)
