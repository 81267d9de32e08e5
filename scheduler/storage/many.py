"""`column IN (...)` in a prepared statement: a list of any length travels as one JSON value."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from scheduler.storage.columns import Json


class _Among(FunctionElement[bool]):
    """A text column and a JSON array of texts."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Among":  # noqa: ARG002  -- SQLAlchemy's signature
        """Itself: SQLAlchemy would compare it with 1 on SQLite, which has no booleans, and so hide it from indexes."""
        return self


@compiles(_Among, "sqlite")
def _sqlite(element: _Among, compiler: Any, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _postgresql(element: _Among, compiler: Any, **how: Any) -> str:
    # An array made once, by which an index is looked up; `IN` over its elements as rows would be planned as a join.
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY(ARRAY(SELECT jsonb_array_elements_text(CAST({values} AS jsonb))))"


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a text column is one of the list that is given as the value `name` when the statement runs."""
    return _Among(column, bindparam(name, type_=Json()))
