"""Write `docs/security/asvs.md` from its table: `python -m tests.house.asvs`."""

import csv
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TABLE, PAGE = ROOT / "docs/security/asvs.csv", ROOT / "docs/security/asvs.md"
KINDS = {"test": "tested", "note": "shown by", "none": "does not apply", "open": "open"}
HEAD = """# OWASP ASVS 5.0, level 1 and 2

Every requirement of both levels, in our own short words, with the test that proves it, where else it is shown, or why it
does not apply. Written from `asvs.csv` by `python -m tests.house.asvs`; `tests/house/test_asvs.py` holds that every
requirement stands here and that every test exists.

Components with a known severe fault are renewed within seven days, with another within thirty, and all of them each
quarter (`make lock`). Every one is pinned with its hashes in `requirements.txt`.

| level | requirements | tested | shown | do not apply | open |
| --- | --- | --- | --- | --- | --- |
"""


def rows() -> list[dict[str, str]]:
    """The table's lines."""
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def page() -> str:
    """The page as it should stand."""
    text = HEAD
    for level in "12":
        mine = [row["kind"] for row in rows() if row["level"] == level]
        text += f"| {level} | {len(mine)} | " + " | ".join(str(mine.count(kind)) for kind in KINDS) + " |\n"
    text += "\n| no | level | asks for | | by |\n| --- | --- | --- | --- | --- |\n"
    for row in rows():
        proof = row["proof"]
        if row["kind"] == "test":
            proof = "<br>".join(f"`{one}`" for one in proof.split())
        text += f"| {row['id']} | {row['level']} | {row['asked']} | {KINDS[row['kind']]} | {proof} |\n"
    return text


if __name__ == "__main__":
    PAGE.write_text(page())
