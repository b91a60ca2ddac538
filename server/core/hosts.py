"""Machines whose clocks differ: how far this one's is from the database's, by which all agree."""

from datetime import datetime, timedelta

from server.core import clock, wire

ASK = "SELECT clock_timestamp()"
EVERYDAY = timedelta(seconds=2)
"""What a network and clocks that are kept may be apart."""


def ahead() -> timedelta:
    """How far this machine's clock is ahead of the database's; behind is less than nothing."""
    began = clock.host()
    ((at,),) = wire.rows(ASK, {})
    gap: timedelta = began + (clock.host() - began) / 2 - at
    return gap


def agreed() -> datetime:
    """This instant for what several machines must agree on: leases, and what has run out.

    It is this machine's own unless that is plainly wrong; then it is the database's.
    """
    gap = ahead()
    return clock.now() - gap if abs(gap) > EVERYDAY else clock.now()
