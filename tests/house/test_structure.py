"""The house's promises about itself: each fails when somebody forgets."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from flask.cli import AppGroup

from server.accounts.roles import Role
from server.core.entry import PUBLIC, STAFF, declared, undeclared
from server.settings import example

ROOT = Path(__file__).parent.parent.parent
LONGEST, LONGEST_TEST = 250, 400


def tracked(pattern):
    listed = subprocess.run(
        ["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_every_route_says_who_may_enter(application):
    assert undeclared(application) == []


def test_every_declaration_names_roles_that_exist(application):
    known = {PUBLIC, STAFF, *(role.value for role in Role)}
    for endpoint in application.view_functions:
        assert declared(application, endpoint) <= known, endpoint


def test_no_file_is_too_long():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [
            *tracked("server/**/*.py"),
            *tracked("server/*.py"),
            *tracked("tests/*.py"),
            *tracked("bench/*.py"),
        ]
        if (lines := len(path.read_text().splitlines()))
        > (LONGEST_TEST if "tests" in path.parts else LONGEST)
    }
    assert long == {}


def test_no_room_is_called_after_nothing():
    vague = {"utils", "helpers", "common", "misc", "manager_utils"}
    assert [path for path in tracked("server/**/*.py") if path.stem in vague] == []


def test_every_setting_stands_in_the_example():
    assert (ROOT / ".env.example").read_text() == example()


def test_every_command_is_documented(application):
    documented = (ROOT / "docs" / "operations" / "commands.md").read_text()
    for words in commands(application.cli):
        assert f"flask --app wsgi {words}" in documented, words


def commands(group, before=""):
    framework = {"routes", "run", "shell"}
    for name, command in sorted(group.commands.items()):
        if not before and name in framework:
            continue
        if before == "" and name == "db":
            yield "db upgrade"
        elif isinstance(command, AppGroup) or hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


@pytest.mark.parametrize("path", tracked("server/**/*.html"), ids=lambda path: path.name)
def test_every_template_parses(path, application):
    application.jinja_env.parse(path.read_text())


def test_every_public_thing_has_a_docstring():
    bare = []
    for path in [*tracked("server/**/*.py"), *tracked("server/*.py")]:
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree):
            bare.append(str(path))
    assert bare == []


def test_nothing_committed_names_a_machine_or_a_registry():
    words = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", "pypi" + r"\.org", "regis" + r"try\.npmjs"]))
    found = [
        str(path.relative_to(ROOT))
        for path in tracked("*")
        if path.suffix not in {".png", ".jpg", ".heic", ".xls"}
        and words.search(path.read_text(errors="ignore"))
    ]
    assert found == []


def test_documents_point_at_files_that_exist():
    for path in tracked("*.md"):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name} -> {target}"
