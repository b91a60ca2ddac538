"""Whether the reporter may be rung, and by whom; the company never learns a number."""

from server.accounts.permissions import Part
from server.core.crypto import vault
from server.core.masks import masked
from server.reports.models import Report

MAY_RING = frozenset({Part.BUREAU, Part.COMMUNITY})


def masked_phone(report: Report, mine: frozenset[Part]) -> str | None:
    """The reporter's number with its middle hidden, for bureau and community where he agreed to be rung."""
    if not (report.contact_ok and report.phone_sealed and mine & MAY_RING):
        return None
    return masked(vault().open(report.phone_sealed))
