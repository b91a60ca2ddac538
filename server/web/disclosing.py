"""The staff's pages about disclosures as one list, for the wiring."""

from server.web.bureau import board, disclosures
from server.web.manager import disclose

PAGES = (disclose.pages, disclosures.blueprint, board.blueprint)
