"""From a county's TOML file to its rule book, or to every fault in it."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from server.core.holidays import national_holidays
from server.core.workdays import Calendar
from server.policy import matrix, reading, reading_handling, reading_ledger
from server.policy.check import check_book, check_sources
from server.policy.model import Book
from server.policy.reader import Faults, Node
from server.policy.spans import UNITS

COUNTIES = Path(__file__).parent / "counties"
HASH_LENGTH = 12


class BookError(Exception):
    """A book that cannot be used; `faults` are sentences that name file, key and what was expected."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@cache
def books() -> Mapping[str, Book]:
    """Every county's book by its area code, read once; files that begin with _ are only inherited from."""
    return load_books(COUNTIES)


def load_books(folder: Path) -> Mapping[str, Book]:
    """Every book of a folder by area code; BookError collects the faults of all of them."""
    found: dict[str, Book] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("[!_]*.toml")):
        try:
            book = load_book(path)
        except BookError as error:
            faults += error.faults
            continue
        if book.county_id in found:
            faults.append(f"{path.name}：county.id 和另一本规则书重复，现在是 “{book.county_id}”。")
        found[book.county_id] = book
    if faults:
        raise BookError(list(dict.fromkeys(faults)))
    return found


def load_book(path: Path) -> Book:
    """One county's book with what it inherits; BookError with every fault found."""
    faults = Faults(path.name, {}, [])
    layers = _layers(path, faults)
    data: dict[str, Any] = {}
    for file, layer in layers:
        _lay(data, layer, file, faults.origins)
    if faults.found:
        raise BookError(faults.found)
    book = _read(data, faults)
    check_book(book, faults)
    for file, layer in layers:
        check_sources(layer, file, faults.found)
    if faults.found:
        raise BookError(faults.found)
    return book


def _layers(path: Path, faults: Faults) -> list[tuple[str, dict[str, Any]]]:
    """What the file inherits, then the file itself, each with its name; faults only where one cannot be read."""
    own = _parse(path, faults)
    parents = own.pop("extends", [])
    if not isinstance(parents, list) or not all(isinstance(name, str) for name in parents):
        faults.add(("extends",), f'应为文件名列表，例如 ["_default", "_tiles"]，现在是 {parents!r}')
        parents = []
    files = [path.parent / f"{name}.toml" for name in parents]
    for file in files:
        if not file.is_file():
            faults.add(("extends",), f"里的 “{file.stem}” 没有对应的文件 {file.name}")
    return [(file.name, _parse(file, faults)) for file in files if file.is_file()] + [(path.name, own)]


def _parse(path: Path, faults: Faults) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.found.append(f"{path.name}：不是有效的 TOML 文件（{error}）。")
        return {}


def _lay(
    under: dict[str, Any],
    over: Mapping[str, Any],
    file: str,
    origins: dict[tuple[str, ...], str],
    path: tuple[str, ...] = (),
) -> None:
    """Lay one tree over another: tables merge key by key; a span, which is one value, and all else is replaced."""
    for key, value in over.items():
        here = (*path, key)
        if isinstance(value, dict) and not (value and value.keys() <= UNITS):
            origins.setdefault(here, file)
            kept = under.get(key)
            under[key] = kept if isinstance(kept, dict) else {}
            _lay(under[key], value, file, origins, here)
        else:
            origins[here] = file
            under[key] = value


def _read(data: dict[str, Any], faults: Faults) -> Book:
    with Node(faults, (), data) as root, root.table("county") as county:
        tiles, kinds = matrix.read_tiles(root)
        return Book(
            county_id=_shaped(county, "id", r"\d{6}", "六位区划代码"),
            county_name=county.text("name"),
            letters=_shaped(county, "letters", r"[A-Z]{2,4}", "二到四个大写字母"),
            version=f"{root.text('version')}+{_fingerprint(data)}",
            plan=reading.read_plan(root),
            bureau=county.text("bureau"),
            levels=county.texts("levels"),
            calendar=Calendar(reading.read_hours(root), national_holidays()),
            quiet=reading.read_quiet(root),
            classes=reading.read_classes(root),
            escalation=reading.read_escalation(root),
            limits=reading.read_limits(root),
            guard=reading.read_guard(root),
            ratings=reading.read_ratings(root),
            publishing=reading.read_publishing(root),
            phrases=reading.read_phrases(root),
            posts=reading.read_posts(root),
            whistle=reading_handling.read_whistle(root),
            contact=reading_handling.read_contact(root),
            second_body=reading_handling.read_second_body(root),
            evidence=reading_handling.read_evidence(root),
            outcomes=reading_handling.read_outcomes(root),
            hazard=reading_handling.read_hazard(root),
            duplicates=reading_ledger.read_duplicates(root),
            lookback=reading_ledger.read_lookback(root),
            mediation=reading_ledger.read_mediation(root),
            hotline=reading_ledger.read_hotline(root),
            committee=reading_handling.read_committee(root),
            no_company=reading_handling.read_no_company(root),
            goals=reading_ledger.read_goals(root),
            cadences=reading_ledger.read_rhythms(root),
            lists=reading_ledger.read_lists(root),
            emergency=matrix.read_emergency(root),
            bodies=matrix.read_bodies(root),
            rows=matrix.read_rows(root),
            tiles=tiles,
            kinds=kinds,
            disclosures=reading.read_disclosures(root),
            board=matrix.read_board(root),
            groups=reading.read_groups(root),
        )


def _shaped(node: Node, key: str, pattern: str, expected: str) -> str:
    value = node.text(key)
    if not re.fullmatch(pattern, value):
        node.fault(key, f"应为{expected}，现在是 “{value}”")
    return value


def _fingerprint(data: dict[str, Any]) -> str:
    """A hash of the whole content, however its keys are ordered or commented."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]
