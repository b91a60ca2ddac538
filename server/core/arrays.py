"""Many values in one parameter: the text of a statement stays the same, however many there are.

SQLAlchemy writes `IN` out with a parameter for each value; the driver keeps a hundred texts a connection, and duties
that look at another number of rows each round would fill that memory with texts that never come again.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether the column is one of the values; false for none of them."""
    found: ColumnElement[bool] = column == any_(bindparam(None, sorted(values), ARRAY(column.type)))
    return found
