"""Which estate a hotline means: by its name, by an address that has it, by what the bureau chose before; pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 2


class Unclear(Exception):
    """No estate, or more than one; the message continues the sentence."""


@dataclass(frozen=True)
class Known:
    """An estate of the county."""

    estate_id: int
    name: str
    community: str
    community_id: int
    township_id: int


def bare(text: str) -> str:
    """A name without blanks, signs, capitals and the word for estate at its end."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
    return plain.removesuffix("小区") or plain


def written(estate: str, address: str) -> str:
    """Under what a choice of the bureau is remembered: the name as written, else the address."""
    return (bare(estate) or bare(address))[:120]


class Estates:
    """The county's estates by name, and the names that the bureau has explained."""

    def __init__(self, known: Iterable[Known], aliases: Mapping[str, int]) -> None:
        self.by_id = {one.estate_id: one for one in known}
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        for one in self.by_id.values():
            self.by_name[bare(one.name)].append(one)
        self.names = sorted(
            (name for name in self.by_name if len(name) >= LEAST), key=lambda name: -len(name)
        )
        self.aliases = {name: one for name, one in aliases.items() if one in self.by_id}

    def find(self, estate: str, community: str, address: str) -> Known:
        """The one estate that is meant. Raises Unclear."""
        key = written(estate, address)
        if key in self.aliases:
            return self.by_id[self.aliases[key]]
        if not key:
            raise Unclear("没有写小区，也没有地址")
        found = self.by_name.get(bare(estate)) or self._inside(bare(estate)) or self._inside(bare(address))
        return _only(found, community, address) if found else _unknown(estate, address)

    def _inside(self, text: str) -> list[Known]:
        """The estates with the longest name that stands in the text, where no other one stands beside it."""
        longest: list[str] = []
        for name in self.names:
            if name in text and not any(name in other for other in longest):
                longest.append(name)
        return [one for name in longest for one in self.by_name[name]]


def _only(found: list[Known], community: str, address: str) -> Known:
    if len(found) > 1:
        place = bare(community) or bare(address)
        near = [one for one in found if bare(one.community).removesuffix("社区") in place]
        found = near if len(near) == 1 else found
    if len(found) > 1:
        names = "、".join(f"{one.community}{one.name}" for one in found[:4])
        raise Unclear(f"对得上 {len(found)} 个小区（{names}），请指定是哪一个")
    return found[0]


def _unknown(estate: str, address: str) -> Known:
    raise Unclear(f"没有找到小区“{(estate or address)[:40]}”，请指定是哪一个，或先建立小区")
