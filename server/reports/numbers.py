"""Report numbers, whose shape and space are the whole product's (pure)."""

from server.core.report_no import ALPHABET, new_number, normalise

__all__ = ["ALPHABET", "new_number", "normalise"]
