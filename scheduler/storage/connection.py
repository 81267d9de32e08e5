"""One connection and the statements that run on it: Core for meaning, the driver's own cursor for speed.

SQLAlchemy's execution costs 30 to 60 microseconds a statement, the driver's 3 to 10; so a statement is compiled once a
dialect and then handed to the driver, with the column types' own conversions on both sides.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Dialect, Executable, bindparam, cast, column, func, insert, select, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import SQLModel

from scheduler.storage.columns import Json, table

Convert = Callable[[Any], Any]
_MOST_ROWS = 64


class UniqueTaken(Exception):  # noqa: N818  -- an answer of the database that acts expect
    """A unique constraint refused a row. `constraint` is its name in both databases: `uq_<table>__<column>__...`."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class Prepared:
    """A Core statement compiled once for each dialect. Module-level, shared by all threads."""

    __slots__ = ("_compiled", "statement")

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def compiled(self, dialect: Dialect) -> "_Compiled":
        """The text and the conversions for this dialect."""
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _Compiled(self.statement, dialect)
        return found


class _Compiled:
    __slots__ = ("_converts", "_names", "_out", "_positional", "fixed", "sql")

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # -- every Executable compiles
        if compiled.post_compile_params:
            # An IN over plain values (ids, numbers) that stand in the statement; a bindparam has no length to render.
            compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]  # -- the same
        self.sql: str = compiled.string
        self.fixed: dict[str, Any] = {k: v for k, v in compiled.params.items() if v is not None}
        self._positional: list[str] | None = compiled.positiontup
        self._names = frozenset(compiled.params)
        self._converts: dict[str, Convert] = dict(compiled._bind_processors)  # noqa: SLF001  -- no public way to them
        converts = [
            entry.type.dialect_impl(dialect).result_processor(dialect, None)
            for entry in compiled._result_columns or ()  # noqa: SLF001  -- no public way to them
        ]
        self._out = [(i, f) for i, f in enumerate(converts) if f is not None]

    def bind(self, values: Mapping[str, Any]) -> Any:
        bound = {**self.fixed, **values}
        for name, convert in self._converts.items():
            if name in bound:
                bound[name] = convert(bound[name])
        if self._positional is None:
            return {name: bound.get(name) for name in self._names}
        return tuple([bound.get(name) for name in self._positional])

    def out(self, rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
        if not self._out:
            return [tuple(row) for row in rows]
        done = []
        for row in rows:
            cells = list(row)
            for i, convert in self._out:
                cells[i] = convert(cells[i])
            done.append(tuple(cells))
        return done


class Connection:
    """A driver connection in autocommit; the writer puts BEGIN and COMMIT around it, readers never do.

    Every read is fetched whole: a half-read cursor holds the past.
    """

    __slots__ = ("_integrity", "_soon", "dialect", "raw")

    def __init__(self, raw: DBAPIConnection, dialect: Dialect) -> None:
        self.raw = raw
        self.dialect = dialect
        self._soon: list[str] = []
        self._integrity: type[Exception] = dialect.loaded_dbapi.IntegrityError

    def all(self, statement: Prepared | Executable, /, **values: Any) -> list[tuple[Any, ...]]:
        """Every row, converted. A `Prepared` is compiled once, another statement now."""
        compiled = self._compiled(statement)
        cursor = self._execute(compiled.sql, compiled.bind(values))
        rows = cursor.fetchall()
        cursor.close()
        return compiled.out(rows)

    def first(self, statement: Prepared | Executable, /, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        rows = self.all(statement, **values)
        return rows[0] if rows else None

    def run(self, statement: Prepared | Executable, /, **values: Any) -> int:
        """Runs a write; how many rows it touched."""
        compiled = self._compiled(statement)
        cursor = self._execute(compiled.sql, compiled.bind(values))
        count: int = cursor.rowcount
        cursor.close()
        return count

    def run_many(self, statement: Prepared | Executable, rows: Sequence[Mapping[str, Any]]) -> int:
        """Runs a write once a row, by the driver's executemany; how many rows it touched in all."""
        if not rows:
            return 0
        compiled = self._compiled(statement)
        self._catch_up()
        cursor: Any = self.raw.cursor()
        try:
            cursor.executemany(compiled.sql, [compiled.bind(row) for row in rows])
            return int(cursor.rowcount)
        except self._integrity as error:
            raise _taken(error) from error
        finally:
            cursor.close()

    def insert(self, model: type[SQLModel], /, **values: Any) -> None:
        """Inserts one row; columns not named are NULL. Raises UniqueTaken."""
        self.run(_insert(model, tuple(values)), **values)

    def insert_many(self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts rows that all have the same keys, many by one statement. Raises UniqueTaken."""
        if self.dialect.name == "postgresql":
            if rows:
                self.run(_insert_json(model, tuple(rows[0])), rows=_told(model, rows, self.dialect))
            return
        # One by one, the driver would let go of the interpreter at each row, and wait for it while others are busy.
        for part in _parts(rows):
            values = {f"{name}_{number}": value for number, row in enumerate(part) for name, value in row.items()}
            self.run(_insert_rows(model, tuple(part[0]), len(part)), **values)

    def update(self, model: type[SQLModel], id_: str, /, **values: Any) -> int:
        """Sets columns of the row with this id; how many rows there were (0 or 1)."""
        return self.run(_update(model, tuple(values)), id_=id_, **values)

    def sql(self, text: str) -> None:
        """Runs a bare command (BEGIN, SAVEPOINT, PRAGMA), and whatever was to run soon before it."""
        before, self._soon = self._soon, []
        self._execute("; ".join([*before, text]), ()).close()

    def soon(self, text: str) -> None:
        """Runs a bare command whose answer nobody waits for: on PostgreSQL with the next statement, in one trip to it.

        What is wrong with it is raised there.
        """
        if self.dialect.name == "postgresql":
            self._soon.append(text)
        else:
            self.sql(text)

    def close(self) -> None:
        """Closes the driver's connection."""
        self.raw.close()

    def _compiled(self, statement: Prepared | Executable) -> _Compiled:
        if isinstance(statement, Prepared):
            return statement.compiled(self.dialect)
        return _Compiled(statement, self.dialect)

    def _catch_up(self) -> None:
        if self._soon:
            self.sql(self._soon.pop())

    def _execute(self, sql: str, values: Any) -> Any:
        self._catch_up()
        cursor: Any = self.raw.cursor()
        try:
            cursor.execute(sql, values or None) if self.dialect.name == "postgresql" else cursor.execute(sql, values)
        except self._integrity as error:
            cursor.close()
            raise _taken(error) from error
        return cursor


@lru_cache(maxsize=1024)
def _insert(model: type[SQLModel], names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table(model)).values({name: bindparam(name) for name in names}))


@lru_cache(maxsize=256)
def _insert_rows(model: type[SQLModel], names: tuple[str, ...], count: int) -> Prepared:
    into = table(model)
    # Only the first row's values would take the columns' types by themselves.
    typed = [(name, into.c[name].type) for name in names]
    rows = [{name: bindparam(f"{name}_{number}", type_=type_) for name, type_ in typed} for number in range(count)]
    return Prepared(insert(into).values(rows))


@lru_cache(maxsize=256)
def _insert_json(model: type[SQLModel], names: tuple[str, ...]) -> Prepared:
    """All rows travel as one value: for the driver, thirty rows of twenty values are six hundred to convert."""
    into = table(model)
    told = func.json_to_recordset(cast(bindparam("rows", type_=Json()), JSON))
    rows = told.table_valued(*(column(name, into.c[name].type) for name in names)).render_derived(with_types=True)
    return Prepared(insert(into).from_select(list(names), select(*rows.c), include_defaults=False))


def _told(model: type[SQLModel], rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> list[dict[str, Any]]:
    """The rows with each value as its column takes it."""
    into = table(model)
    converts = {name: into.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]}
    several = [(name, convert) for name, convert in converts.items() if convert is not None]
    return [{**row, **{name: convert(row[name]) for name, convert in several}} for row in rows]


def _parts(rows: Sequence[Mapping[str, Any]]) -> Iterable[Sequence[Mapping[str, Any]]]:
    """Runs of 64, 32, 16 ... rows, so that there are few statements to compile."""
    begin = 0
    while begin < len(rows):
        size = min(_MOST_ROWS, 1 << (len(rows) - begin).bit_length() - 1)
        yield rows[begin : begin + size]
        begin += size


@lru_cache(maxsize=1024)
def _update(model: type[SQLModel], names: tuple[str, ...]) -> Prepared:
    target = table(model)
    return Prepared(
        update(target).where(target.c.id == bindparam("id_")).values({name: bindparam(name) for name in names})
    )


_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


def _taken(error: Exception) -> Exception:
    """The driver's error as UniqueTaken; any other broken constraint stays what it is."""
    diag = getattr(error, "diag", None)
    if diag is not None:
        unique = getattr(error, "sqlstate", None) == "23505"
        return UniqueTaken(diag.constraint_name or "") if unique else error
    match = _SQLITE_UNIQUE.search(str(error))
    if match is None:
        return error
    columns = [part.strip().split(".") for part in match.group(1).split(",")]
    return UniqueTaken("uq_" + "__".join([columns[0][0], *(c[1] for c in columns)]))
