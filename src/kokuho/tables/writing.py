"""Writing tables: in full under another name, then put in place; nothing is ever half there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from kokuho.base.errors import TableError
from kokuho.base.messages import translator

_ = translator("tables")


def write_csv(frame: pl.DataFrame, path: Path, *, bom: bool = True) -> None:
    """Write a CSV in UTF-8, with a byte-order mark so that Excel reads it."""
    in_place(path, lambda part: frame.write_csv(part, include_bom=bom))


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a Parquet file."""
    in_place(path, frame.write_parquet)


def in_place(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` make the file beside its place, then put it there in one step.

    Raises:
        TableError: the folder or disk does not take it; what stood at ``path`` stands there still.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        os.close(handle)
        part = Path(name)
        try:
            write(part)
            part.chmod(0o644)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise TableError(
            _("{file} cannot be written: {reason}").format(
                file=path, reason=error.strerror or error
            )
        ) from None
