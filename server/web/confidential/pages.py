"""The pages of a confidential body as one list, for the wiring; the key's address before the numbers'."""

from server.web.confidential import inbox, key, report

PAGES = (inbox.pages, key.pages, report.pages)
