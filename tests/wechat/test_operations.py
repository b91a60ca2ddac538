from pathlib import Path

import pytest

from server.wechat.templates import DEFAULT, FIELDS

PAGE = (Path(__file__).parent.parent.parent / "docs" / "operations" / "wechat.md").read_text()


@pytest.mark.parametrize(("name", "fields"), [*FIELDS.items(), ("*", DEFAULT)])
def test_the_manual_lists_the_fields_of_every_template(name, fields):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
    assert row.split("|")[3].strip() == "，".join(f"`{field}` {label}" for field, label in fields.items())
