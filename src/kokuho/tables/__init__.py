"""Tables in and out: encodings, full width, Japanese dates, header aliases, refused rows."""

from kokuho.tables.columns import Column, Kind
from kokuho.tables.reading import Table, read_table, table_of
from kokuho.tables.records import LINE
from kokuho.tables.refusals import CODES, Refusal, no_formula, write_refusals
from kokuho.tables.writing import in_place, write_bytes, write_csv, write_parquet

__all__ = [
    "CODES",
    "LINE",
    "Column",
    "Kind",
    "Refusal",
    "Table",
    "in_place",
    "no_formula",
    "read_table",
    "table_of",
    "write_bytes",
    "write_csv",
    "write_parquet",
    "write_refusals",
]
