"""Where pages read what people send, by their source: every read of a form or an address, and what is done with it at once."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT

SENT = {"form", "args", "values"}
READERS = {"whole", "day", "taken", "own_path", "plausible", "normalise", "Form"}
"""Functions that take anything and give what is fit to be kept, or refuse it."""
OWN_MODULES = {"server/web/typed.py", "server/web/bureau/reading.py"}
"""The readers themselves."""


class Read(NamedTuple):
    """One read of what was sent: where, and which field; `*` for all or for one whose name is computed."""

    file: str
    field: str
    line: int


def reads() -> Iterator[Read]:
    """Every read in the rooms of pages that no reader stands around and that chooses among nothing."""
    for room in ("web", "wechat"):
        for path in sorted((ROOT / "server" / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name not in OWN_MODULES and "/sandbox/" not in name:
                yield from in_file(path, name)


def in_file(path: Path, name: str) -> Iterator[Read]:
    """The reads of one file."""
    tree = ast.parse(path.read_text())
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if is_sent(node) and not judged(whole_read(node, parents), parents):
            yield Read(name, field_of(node, parents), node.lineno)


def is_sent(node: ast.AST) -> bool:
    """Whether this is `request.form`, `request.args` or `request.values`."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr in SENT
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
    )


def whole_read(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST:
    """The expression that gives the value: `request.form.get("x", "")`, or `request.form` itself."""
    method = parents[node]
    called = parents.get(method)
    return called if isinstance(method, ast.Attribute) and isinstance(called, ast.Call) else node


def field_of(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """Which field is read."""
    read = whole_read(node, parents)
    first = read.args[0] if isinstance(read, ast.Call) and read.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "*"


def judged(read: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether the value goes straight into a reader, a comparison, a table of ours, or a page's cursor."""
    parent = parents[read]
    if isinstance(read, ast.Call) and read.args and getattr(read.args[0], "value", "") == "after":
        return True
    if isinstance(parent, ast.Compare):
        return True
    return isinstance(parent, ast.Call) and read in parent.args and judges(parent.func)


def judges(called: ast.expr) -> bool:
    """Whether a called thing is a reader, or the `get` of a table of ours."""
    if isinstance(called, ast.Name):
        return called.id in READERS
    table = called.value if isinstance(called, ast.Attribute) and called.attr == "get" else None
    return isinstance(table, ast.Dict) or (isinstance(table, ast.Name) and table.id.isupper())


if __name__ == "__main__":
    for one in reads():
        print(f"{one.file}:{one.line}: {one.field}")  # noqa: T201
