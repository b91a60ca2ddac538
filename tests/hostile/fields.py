"""Fields that a page's code reads, whether a form shows them or not: by the source of its module."""

import ast
import inspect
from pathlib import Path

READERS = {
    "text", "phone", "whole", "number", "day", "choice", "said", "typed", "chosen", "several", "numbers", "secret",
    "narrowed", "looked_for", "get", "getlist", "value",
}  # fmt: skip
EVERYWHERE = ("key", "version", "photos", "drop", "from", "for", "next", "seen")
"""Read by what many forms share."""


def fields_read(view):
    """The names of fields that the module of a view asks for, in order; a computed end is taken for 0."""
    path = Path(inspect.getsourcefile(inspect.unwrap(view)))
    names = dict.fromkeys(EVERYWHERE)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and node.args and called(node) in READERS:
            names |= dict.fromkeys(filter(None, [name_of(node.args[0])]))
    return list(names)


def called(node):
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def name_of(node):
    """A name that stands in the source; `label-{at}` is `label-0`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else "0" for one in node.values)
    return ""


def doors(app):
    """Every route of our pages that takes a form: its rule, and the fields that its module reads."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "POST" in rule.methods and inspect.unwrap(view).__module__.startswith("server.web"):
            yield rule, fields_read(view)
