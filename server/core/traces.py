"""A fault as operators may read it: its kinds and where it happened, never its words, which may quote a person's."""

import traceback
from collections.abc import Iterator
from types import TracebackType

FRAMES_MOST = 40
OUTSIDE = "site-packages/"
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def told(exc_info: ExcInfo) -> str:
    """The fault with what caused it, innermost first; PostgreSQL's code and constraint are its own words, and said."""
    return "\nthen ".join(_one(fault) for fault in reversed(list(_chain(exc_info[1]))))


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _one(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__, limit=-FRAMES_MOST)
    places = [f"  {shortened(one.filename)}:{one.lineno} {one.name}" for one in frames]
    return "\n".join([kind(fault), *places])


def kind(fault: BaseException) -> str:
    """The fault's type, with PostgreSQL's own code and the constraint's name where it has them."""
    state = getattr(fault, "sqlstate", None)
    constraint = getattr(getattr(fault, "diag", None), "constraint_name", None)
    return " ".join(part for part in (type(fault).__name__, state, constraint) if part)


def shortened(path: str) -> str:
    """A file's path without what it tells of this machine."""
    if OUTSIDE in path:
        return path.rsplit(OUTSIDE, 1)[1]
    _, ours, rest = path.rpartition("/server/")
    return f"server/{rest}" if ours else path.rsplit("/", 1)[-1]
