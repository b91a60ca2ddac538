"""The resident's pages as one list, for the wiring."""

from server.web.resident import about, acts, find, landing, photo, report, track

PAGES = (
    about.blueprint,
    acts.blueprint,
    find.blueprint,
    landing.blueprint,
    photo.blueprint,
    report.blueprint,
    track.blueprint,
)
