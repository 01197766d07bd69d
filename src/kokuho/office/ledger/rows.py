"""Frames into tables and out of them, without an object for each row.

On PostgreSQL rows go in by COPY. COPY cannot go straight into a table with row-level security, so
it fills a table of the transaction's own, and one statement takes the rows over from there; the
policies look at each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, cast

import polars as pl
from django.db import connection

from kokuho.office.store.owned import Guarded
from kokuho.office.tenancy import ForeignInsurerError, visible

_BYTES = 1 << 22
_NEW = "kokuho_new"


def append(model: type[Guarded], frame: pl.DataFrame) -> None:
    """Add the rows of a frame, whose columns are named as those of the table.

    Raises:
        ForeignInsurerError: a row of an insurer that the transaction does not see.
    """
    if foreign := set(frame["insurer_code"].unique()) - visible():
        raise ForeignInsurerError(f"rows of insurers that are not seen: {sorted(foreign)}")
    if not frame.height:
        return
    table = model._meta.db_table
    names = ", ".join(f'"{name}"' for name in frame.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, table, names, frame)
        else:
            marks = ", ".join("?" for _ in frame.columns)
            texts = frame.with_columns(
                pl.col(pl.Date).dt.to_string("iso"), pl.col(pl.Enum).cast(pl.String)
            )
            # the driver's own cursor: Django's would look at each row
            raw = cast("Any", cursor).cursor
            raw.connection.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})', texts.iter_rows()
            )


def _copy(cursor: Any, table: str, names: str, frame: pl.DataFrame) -> None:
    cursor.execute(
        f'CREATE TEMPORARY TABLE {_NEW} ON COMMIT DROP AS SELECT {names} FROM "{table}" '
        "WITH NO DATA"
    )
    buffer = BytesIO()
    frame.write_csv(buffer, include_header=False)
    data = buffer.getbuffer()
    with cursor.copy(f"COPY {_NEW} ({names}) FROM STDIN (FORMAT csv)") as copy:
        for start in range(0, len(data), _BYTES):
            copy.write(data[start : start + _BYTES])
    cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM {_NEW}')
    cursor.execute(f"DROP TABLE {_NEW}")


def read(
    model: type[Guarded],
    schema: Mapping[str, Any],
    insurer: str,
    where: str = "TRUE",
    values: Sequence[Any] = (),
    order: str = "id",
) -> pl.DataFrame:
    """Rows of one insurer as a frame with the columns and types of ``schema``.

    ``where`` is SQL of ours with ``%s`` for each of ``values``.

    Raises:
        ForeignInsurerError: the transaction does not see the insurer.
    """
    if insurer not in visible():
        raise ForeignInsurerError(f"the insurer is not seen: {insurer}")
    names = ", ".join(f'"{name}"' for name in schema)
    query = (
        f'SELECT {names} FROM "{model._meta.db_table}" '
        f"WHERE insurer_code = %s AND ({where}) ORDER BY {order}"
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _copied(cursor, query, [insurer, *values], schema)
        cursor.execute(query, [insurer, *values])
        rows = cursor.fetchall()
    raw: dict[str, Any] = {
        name: pl.String() if isinstance(dtype, pl.Date | pl.Enum) else dtype
        for name, dtype in schema.items()
    }
    return pl.DataFrame(
        [tuple(map(_plain, row)) for row in rows], schema=raw, orient="row"
    ).with_columns(
        pl.col(name).str.to_date() if isinstance(dtype, pl.Date) else pl.col(name).cast(dtype)
        for name, dtype in schema.items()
    )


def _copied(
    cursor: Any, query: str, values: Sequence[Any], schema: Mapping[str, Any]
) -> pl.DataFrame:
    buffer = BytesIO()
    with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", values) as copy:
        for block in copy:
            buffer.write(block)
    if not buffer.tell():
        return pl.DataFrame(schema=cast("Any", dict(schema)))
    buffer.seek(0)
    # PostgreSQL writes t and f
    flags = [name for name, dtype in schema.items() if dtype == pl.Boolean]
    raw = {**schema, **dict.fromkeys(flags, pl.String())}
    found = pl.read_csv(buffer, has_header=False, schema=cast("Any", raw))
    return found.with_columns(pl.col(name) == "t" for name in flags)


def among(column: str, texts: pl.Series) -> tuple[str, list[Any]]:
    """SQL for a column that has one of these texts, and its value."""
    listed = texts.drop_nulls().unique().sort().to_list()
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [listed]
    import json

    return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(listed)]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
