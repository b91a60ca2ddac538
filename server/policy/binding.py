"""From a county's tree of tables to its rule book (pure but for the calendar's holiday lists)."""

import hashlib
import json
import re
from datetime import date
from typing import Any

from server.core.holidays import national_holidays
from server.core.workdays import Calendar
from server.policy import matrix, reading, reading_handling, reading_ledger
from server.policy.model import Book
from server.policy.reader import Faults, Node

HASH_LENGTH = 12
VERSION_LONGEST = 20
"""With the hash it stands in every report."""
EVER = date.min
"""From when a book is in force that names no day."""


def bind(data: dict[str, Any], faults: Faults) -> Book:
    """The book that a tree says; what it says wrongly is written down in the faults."""
    with Node(faults, (), data) as root, root.table("county") as county:
        tiles, kinds = matrix.read_tiles(root)
        return Book(
            county_id=_shaped(county, "id", r"\d{6}", "六位区划代码"),
            county_name=county.text("name"),
            letters=_shaped(county, "letters", r"[A-Z]{2,4}", "二到四个大写字母"),
            version=f"{_declared(root)}+{_fingerprint(data)}",
            in_force_from=root.day("from") if root.has("from") else EVER,
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


def _declared(root: Node) -> str:
    value = root.text("version")
    if len(value) > VERSION_LONGEST or "+" in value:
        root.fault("version", f"应不超过 {VERSION_LONGEST} 个字，不含加号，现在是 “{value}”")
    return value


def _fingerprint(data: dict[str, Any]) -> str:
    """A hash of the whole content, however its keys are ordered or commented."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]
