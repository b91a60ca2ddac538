"""How many confidential reports are taken from one address and about one estate, and the words for whoever must wait.

Only keyed fingerprints are counted, in a table that no page, call, metric or alarm reads; they are forgotten after two days.
"""

from datetime import datetime, timedelta

from server.companies.places import Place
from server.core.crypto import vault
from server.core.errors import TooMany
from server.core.limits import DAY, HOUR, Quota, hit_all, span
from server.estates.queries import emergency_numbers_by_kind
from server.policy.calling import numbers_for
from server.policy.model import Book, Kind

ADDRESS, ESTATE = "sealed-address", "sealed-estate"
PER_DAY = 300
"""From one network address, which many residents may share, to the bodies of one county."""
PER_HOUR = 100
"""At least so many about one estate in an hour, and fewer than twice as many, whoever sends them.

Less than an address may send in a day: a flood of one estate stops nothing elsewhere.
"""
BUSY = "现在网上收到的举报太多，这一件还没有提交。请过{wait}再提交，填好的内容可以先留着；着急请直接打电话：{calls}。"
"""The same for every reason: nobody is to learn whether others have reported."""


def limit(place: Place, book: Book, kind: Kind, *, sender: str, now: datetime) -> None:
    """Count one more confidential report at a place; an empty `sender` is nobody's address and none is counted.

    Raises TooMany, with when to come back and the numbers to call for this kind; the caller's undoing takes the count back.
    """
    quotas = [Quota(ESTATE, str(place.estate_id), most_of(place.estate_id, now), HOUR)]
    if sender:
        quotas.append(Quota(ADDRESS, f"{place.county_id}:{sender}", PER_DAY, DAY))
    exceeded = hit_all(quotas, now=now)
    if exceeded:
        raise _wait(max(one.left(now) for one in exceeded), place, book, kind)


def most_of(estate_id: int, now: datetime) -> int:
    """How many an estate may have in the hour of `now`: drawn anew for each estate and hour.

    Were it always the same, whoever files until he is refused would know how many others have reported.
    """
    began = Quota(ESTATE, str(estate_id), 0, HOUR).began_at(now)
    drawn = vault().lasting(f"{estate_id}:{began.timestamp():.0f}", purpose="sealed-most")
    return PER_HOUR + int(drawn, 16) % PER_HOUR


def _wait(seconds: int, place: Place, book: Book, kind: Kind) -> TooMany:
    own = emergency_numbers_by_kind(place.estate_id)
    calls = [{"name": name, "phone": phone} for name, phone in numbers_for(kind.call_first, book, own)]
    told = "、".join(f"{one['name']} {one['phone']}" for one in calls)
    words = BUSY.format(wait=span(timedelta(seconds=seconds)), calls=told)
    return TooMany(words, retry_after=seconds, calls=calls)
