"""The columns that the levy reads, with their types; frames built from plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

PERSON_SCHEMA: dict[str, Any] = {
    "insurer_code": pl.String,
    "household_id": pl.String,
    "person_id": pl.String,
    "head": pl.Boolean,
    "insured": pl.Boolean,
    "declared": pl.String,
    "birth_date": pl.Date,
    "joined_on": pl.Date,
    "left_on": pl.Date,
    "involuntary_unemployment_from": pl.Date,
    "maternity_from": pl.Date,
    "former_dependant_from": pl.Date,
    **dict.fromkeys(
        (
            "salary_revenue",
            "salary_income",
            "pension_revenue",
            "pension_income",
            "business",
            "farming",
            "real_estate",
            "interest",
            "dividend",
            "transfer_short",
            "transfer_long",
            "occasional",
            "miscellaneous",
            "separate_transfer_short",
            "separate_transfer_long",
            "separate_transfer_deduction",
            "shares",
            "listed_dividend",
            "futures",
            "forestry",
            "retirement",
            "family_worker_salary",
            "family_worker_deduction",
            "adjustment_deduction",
            "loss_carried_over",
            "casualty_loss_carried_over",
            "other_income",
            "asset_tax",
            "maternity_months",
            "per_capita_exemption",
            "absent_months",
        ),
        pl.Int64,
    ),
}
"""Columns of persons. Money in yen, ``per_capita_exemption`` in millionths; ``absent_months`` is a
mask of months between joining and leaving that do not count."""

HOUSEHOLD_SCHEMA: dict[str, Any] = {
    "insurer_code": pl.String,
    "household_id": pl.String,
    "same_household_elders": pl.Int64,
    "elders_income": pl.Int64,
    "elders_earners": pl.Int64,
    "specific_from": pl.Date,
    "forced_reduction": pl.Int64,
}
"""Columns of households; ``forced_reduction`` (tenths) is for published tables that assume one."""

MAY_BE_EMPTY = {"salary_revenue", "salary_income", "pension_revenue", "pension_income"}
"""Amounts of which none is something else than 0: it is then computed from the other one."""
_DEFAULTS = {"declared": "declared", "head": False, "insured": True}


def person_frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Persons as the levy takes them; what a row leaves out is 0, declared, insured, no head."""
    return _frame(rows, PERSON_SCHEMA)


def household_frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Households as the levy takes them; what a row leaves out is 0 or empty."""
    return _frame(rows, HOUSEHOLD_SCHEMA)


def in_key_order(frame: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """The rows sorted by their keys; most tables are so already, which is quick to see."""
    in_order = pl.lit(True)
    for key in reversed(keys):
        before = pl.col(key).shift(1)
        in_order = (before < pl.col(key)) | ((before == pl.col(key)) & in_order)
    if frame.select(in_order.fill_null(True).all()).item():
        return frame
    return frame.sort(keys, maintain_order=True)


def _default(name: str, kind: Any) -> Any:
    if name in _DEFAULTS:
        return _DEFAULTS[name]
    zero = kind == pl.Int64 and name not in MAY_BE_EMPTY | {"forced_reduction"}
    return 0 if zero else None


def _frame(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    full = []
    for row in rows:
        unknown = set(row) - set(schema)
        if unknown:
            raise KeyError(f"not a column of the levy: {', '.join(sorted(unknown))}")
        full.append({name: row.get(name, _default(name, kind)) for name, kind in schema.items()})
    return pl.DataFrame(full, schema=dict(schema))
