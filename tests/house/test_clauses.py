"""The pages of docs/policy are current, complete, and name code and tests that exist."""

import ast
from importlib import import_module

import pytest

from server.policy.layers import COUNTIES
from server.policy.loader import book_files
from tests.house.clauses import PAGES, ROOT, page, sourced, tree_of
from tests.house.proofs import PROOFS

BOOKS = book_files(COUNTIES)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_countys_page_is_current_and_leaves_no_rule_out(path):
    assert (PAGES / f"{path.stem}.md").read_text(encoding="utf-8") == page(path), (
        "run: python -m tests.house.clauses"
    )
    tree = tree_of(path)
    assert {where[0] for key, part in tree.items() for where, _ in sourced(part, (key,))} <= PROOFS.keys()


def test_the_pages_are_those_of_the_books():
    written = {path.stem for path in PAGES.glob("*.md")} - {"README"}
    assert written == {path.stem for path in BOOKS}


def test_the_code_and_the_tests_that_they_name_exist():
    missing = []
    for proof in PROOFS.values():
        for name in proof.code:
            module, _, thing = name.partition("::")
            if not hasattr(import_module(module), thing):
                missing.append(name)
        for name in proof.tests:
            path, _, test = name.partition("::")
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            if test not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
                missing.append(name)
    assert missing == []
