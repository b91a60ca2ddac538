"""The double of a county: an area code that no county has, under which its drills live, hidden from everybody.

Lists, counts, exports and pages ask for one county, and row-level security shows a request only that one: what stands
under the double is in nobody's sight, without a condition in any query that somebody could forget.
"""

from collections.abc import Mapping

PROVINCES = (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66),
)  # fmt: skip
"""The first two digits of the mainland's area codes (GB/T 2260)."""
ELSEWHERE = (71, 81, 82)
FREE = tuple(number for number in range(1, 100) if number not in (*PROVINCES, *ELSEWHERE))[: len(PROVINCES)]
"""Two digits that no area code begins with; the highest such numbers are the compartments' (confidential)."""
DOUBLES: Mapping[int, int] = dict(zip(PROVINCES, FREE, strict=True))
ORIGINALS: Mapping[int, int] = {free: province for province, free in DOUBLES.items()}


def double_of(county_id: str) -> str:
    """The code under which a county's drills live. KeyError for what is no mainland county."""
    return f"{DOUBLES[int(county_id[:2])]:02}{county_id[2:]}"


def original_of(code: str) -> str | None:
    """The county whose double this is; None for every other code."""
    province = ORIGINALS.get(int(code[:2])) if code[:2].isdigit() else None
    return f"{province:02}{code[2:]}" if province else None
