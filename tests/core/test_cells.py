"""No count that the company sees points at a person, not even by subtraction."""

import random
from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from server.core.cells import Hidden, few, line, table
from server.policy.loader import books

COUNTS = some.dictionaries(some.sampled_from("abcde"), some.integers(0, 9), min_size=1)


def possible(cell, most):
    """The numbers that may lie behind what is shown."""
    if cell is Hidden.FEW:
        return (1, 2)
    return range(3, most + 1) if cell is Hidden.OUT else (cell,)


def readings(shown, most):
    """Every month that would look like this one."""
    for values in product(*(possible(cell, most) for cell in shown.cells.values())):
        if isinstance(shown.total, Hidden) or sum(values) == shown.total:
            yield dict(zip(shown.cells, values, strict=True))


@settings(max_examples=200, deadline=None)
@given(COUNTS)
def test_a_hidden_cell_may_be_one_or_two_whatever_else_is_shown(counts):
    shown = line(counts)
    found = list(readings(shown, most=20))
    assert counts in found
    for key, count in counts.items():
        if few(count):
            assert {month[key] for month in found} == {1, 2}


@given(COUNTS)
def test_nothing_is_hidden_without_need(counts):
    shown = line(counts)
    if not any(few(count) for count in counts.values()):
        assert shown.cells == counts
        assert shown.total == sum(counts.values())
    assert sum(cell is Hidden.OUT for cell in shown.cells.values()) <= 1


@given(some.dictionaries(some.sampled_from("ABC"), COUNTS, min_size=1))
def test_every_total_of_a_table_sums_up_shown_cells_only(counts):
    shown = table(counts)
    totals = [*shown.rows.values(), *shown.columns.values(), shown.total]
    cells = [cell for row in shown.cells.values() for cell in row.values()]
    assert not any(isinstance(cell, int) and few(cell) for cell in cells)
    if any(isinstance(cell, Hidden) for cell in cells):
        assert shown.total is Hidden.OUT
    for row, total in shown.rows.items():
        hidden = any(isinstance(cell, Hidden) for cell in shown.cells[row].values())
        assert (total is Hidden.OUT) if hidden else total == sum(counts[row].values())
    assert not any(isinstance(total, int) and few(total) for total in totals)


@pytest.mark.parametrize("seed", range(60))
def test_in_generated_months_no_cell_of_one_or_two_is_shown(seed):
    draw = random.Random(seed)
    kinds = list(books()["371323"].kinds)
    month = [(draw.choice(kinds), draw.choice("未办已")) for _ in range(draw.randint(1, 60))]
    by_kind = line(Counter(kind for kind, _ in month))
    both = table({kind: Counter(state for one, state in month if one == kind) for kind in kinds})
    shown = [*by_kind.cells.values(), by_kind.total, *both.rows.values(), *both.columns.values(), both.total]
    shown += [cell for row in both.cells.values() for cell in row.values()]
    assert not {1, 2} & {cell for cell in shown if isinstance(cell, int)}
