"""An address without the home in it: the building stays, for there the fault is looked for."""

import re

from server.core.mask_plain import plain

BUILDING = re.compile(r"[0-9A-Za-z一二三四五六七八九十东西南北]{1,4}\s?(?:号楼|号院|栋|幢|座)")
SHORT = re.compile(r"(?<![0-9A-Za-z])[0-9]{1,2}\s?#楼?")
"""3#: what a room is hardly called."""
FINER = re.compile(r"[0-9A-Za-z零〇一二两三四五六七八九十]|[户室家]")


def without_home(address: str) -> str:
    """The buildings of an address; one that has neither a building nor a number stays whole."""
    seen = plain(address).text
    found = BUILDING.findall(seen) or SHORT.findall(seen)
    if found:
        return " ".join(dict.fromkeys(found))
    return "" if FINER.search(seen) else address
