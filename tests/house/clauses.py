"""Writes a page a county into docs/policy: each rule beside its clause, its code and its tests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from server.policy.layers import COUNTIES, lay, layers
from server.policy.loader import book_files, load_book
from server.policy.model import Book
from server.policy.reader import Faults
from server.policy.spans import UNITS, Span, Unit
from tests.house.proofs import PROOFS

ROOT = Path(__file__).parent.parent.parent
PAGES = ROOT / "docs" / "policy"
NAMES = ("problem", "label", "name", "duty")
BODIES = {"bodies", "safety", "utility", "body", "filed_with"}
SILENT = {"source", *NAMES, "icon", "phrases", "words"}


def main() -> None:
    """Write every page anew."""
    for path in book_files(COUNTIES):
        (PAGES / f"{path.stem}.md").write_text(page(path), encoding="utf-8")


def page(path: Path) -> str:
    """The page of one book."""
    book, tree = load_book(path), tree_of(path)
    lines = [
        f"# {book.county_name}：规则、条款、程序、测试",
        "",
        f"依据 {book.plan.number}《{book.plan.title}》，规则书 `{path.name}` {tree['version']}。",
        "本页由 `python -m tests.house.clauses` 从规则书生成，不要手改；default 表示计划没有规定，按默认办法。",
    ]
    for section, proof in PROOFS.items():
        found = list(sourced(tree.get(section, {}), (section,)))
        if not found:
            continue
        lines += [
            "",
            f"## {proof.title}",
            "",
            f"程序：{_codes(proof.code)}<br>",
            f"测试：{_codes(proof.tests)}",
            "",
        ]
        lines += ["| 规则 | 内容 | 条款 |", "| --- | --- | --- |"]
        lines += [_row(book, where, table) for where, table in found]
    return "\n".join(lines) + "\n"


def tree_of(path: Path) -> dict[str, Any]:
    """A book with what it inherits, as one tree."""
    tree: dict[str, Any] = {}
    for file, layer in layers(path, Faults(path.name, {}, [])):
        lay(tree, layer, file, {})
    return tree


def sourced(tree: Any, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every table that says where it comes from, and every kind below a tile that does."""
    if not isinstance(tree, dict):
        return
    if "source" in tree:
        yield where, tree
    for key, below in tree.items():
        if isinstance(below, dict):
            if where[0] == "tiles" and where[-1] == "kinds":
                yield (*where, key), below
            else:
                yield from sourced(below, (*where, key))


def _row(book: Book, where: tuple[str, ...], table: dict[str, Any]) -> str:
    name = next((str(table[key]) for key in NAMES if isinstance(table.get(key), str)), "")
    title = f"{'.'.join(where[1:]) or where[0]} {name}".strip()
    inside = {key: value for key, value in table.items() if key not in SILENT and key != "kinds"}
    if where == ("board",):
        parts = [f"{book.bodies[key].name}：{duty}" for key, duty in inside.items()]
    else:
        parts = [
            f"{key} = {_value(book, key, value)}" for key, value in inside.items() if not _has_source(value)
        ]
    clause = table.get("source") or "同上级"
    return f"| {title} | {'；'.join(parts).replace('|', '／')} | {clause} |"


def _has_source(value: Any) -> bool:
    return isinstance(value, dict) and ("source" in value or any(_has_source(one) for one in value.values()))


def _value(book: Book, key: str, value: Any) -> str:
    """A value as people read it: spans in words, bodies by name."""
    if isinstance(value, dict) and value and value.keys() <= UNITS:
        ((unit, amount),) = value.items()
        return Span(amount, Unit(unit)).words
    if isinstance(value, dict):
        return "{" + "，".join(f"{one} {_value(book, one, what)}" for one, what in value.items()) + "}"
    if isinstance(value, list):
        return "、".join(_value(book, key, one) for one in value)
    if isinstance(value, str) and key in BODIES and value in book.bodies:
        return book.bodies[value].name
    return json.dumps(value) if isinstance(value, bool | int) else str(value)


def _codes(names: tuple[str, ...]) -> str:
    return "、".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    main()
