"""Writing tables: in full under another name, then put in place; nothing is ever half there."""

from __future__ import annotations

import os
import secrets
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


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whose content is made already."""
    in_place(path, lambda part: part.write_bytes(content))


def in_place(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` make the file beside its place, then put it there in one step.

    Raises:
        TableError: the folder or disk does not take it; what stood at ``path`` stands there still.
    """
    part = path.parent / f".{path.name}-{secrets.token_hex(6)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # made here, so that the rights are those that the system gives to new files
            part.open("xb").close()
            write(part)
            _to_disk(part)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise TableError(
            _("{file} cannot be written: {reason}").format(file=path, reason=reason)
        ) from None


def _to_disk(path: Path) -> None:
    """Wait until the file is on the disk: after a power cut it is there in full or not at all."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
