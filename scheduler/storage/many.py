"""`column IN (...)` in a prepared statement: a list of any length travels as one JSON value."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from scheduler.storage.columns import Json


class _Elements(GenericFunction[str]):
    """The texts of a JSON array as a subquery."""

    inherit_cache = True
    name = "elements"


@compiles(_Elements, "sqlite")
def _sqlite(element: _Elements, compiler: Any, **how: Any) -> str:
    return f"(SELECT value FROM json_each{compiler.process(element.clause_expr, **how)})"


@compiles(_Elements, "postgresql")
def _postgresql(element: _Elements, compiler: Any, **how: Any) -> str:
    return f"(SELECT jsonb_array_elements_text(CAST({compiler.process(element.clause_expr, **how)} AS jsonb)))"


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a text column is one of the list that is given as the value `name` when the statement runs."""
    return column.bool_op("IN")(_Elements(bindparam(name, type_=Json())))
