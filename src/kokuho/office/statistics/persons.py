"""Who was insured on a day, from the register on both axes of time, as a frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl
from django.db import connection

from kokuho.office.ledger.rows import read
from kokuho.office.register.models import Enrolment, Identity, Resident, Stay
from kokuho.office.store.versions import Version, end_of
from kokuho.statistics.insured import PERSONS, is_foreign

_DAYS = {"valid_from": pl.Date(), "valid_to": pl.Date()}


class Register:
    """The register of an insurer as it was known at the end of a day, inside ``seeing``.

    Each table is read once; days are looked at in the frames.
    """

    def __init__(self, insurer: str, known: date) -> None:
        self.insurer, self.known = insurer, known

    def insured(self, day: date) -> pl.DataFrame:
        """The persons insured on a day: :data:`kokuho.statistics.insured.PERSONS`."""
        people = _on(self._enrolments, day).select("resident_id").unique()
        return (
            people.join(_on(self._identities, day), on="resident_id", how="left")
            .join(_on(self._stays, day), on="resident_id", how="left")
            .with_columns(
                *_born(pl.col("birth_date")),
                insurer_code=pl.lit(self.insurer),
                sex=pl.col("sex").fill_null(""),
                nationality=pl.col("nationality").fill_null(""),
                status=pl.col("status").fill_null(""),
            )
            .select(pl.col(name).cast(kind) for name, kind in PERSONS.items())
        )

    def with_foreign(self, claims: pl.DataFrame) -> pl.DataFrame:
        """Claims with ``foreign``: by the last record that began until the end of their month.

        Where none had begun, by the first one; empty for a person without a record.
        """
        people = read(Resident, {"id": pl.Int64(), "address_number": pl.String()}, self.insurer)
        known = (
            self._identities.join(people, left_on="resident_id", right_on="id")
            .select("valid_from", person_id="address_number", foreign=is_foreign())
            .sort("valid_from")
        )
        ends = claims.with_columns(_end=pl.col("month").dt.month_end()).sort("_end")
        found = ends.join_asof(
            known, left_on="_end", right_on="valid_from", by="person_id", check_sortedness=False
        )
        first = known.group_by("person_id").agg(_first=pl.col("foreign").first())
        return (
            found.join(first, on="person_id", how="left")
            .with_columns(foreign=pl.coalesce("foreign", "_first"))
            .drop("_end", "_first", "valid_from", strict=False)
        )

    @cached_property
    def _enrolments(self) -> pl.DataFrame:
        return self._versions(Enrolment, {})

    @cached_property
    def _identities(self) -> pl.DataFrame:
        columns = ("birth_date", "sex", "nationality")
        return self._versions(Identity, dict.fromkeys(columns, pl.String()))

    @cached_property
    def _stays(self) -> pl.DataFrame:
        return self._versions(Stay, {"status": pl.String()})

    def _versions(self, model: type[Version], columns: dict[str, Any]) -> pl.DataFrame:
        where, values = known_then(self.known)
        schema = {"resident_id": pl.Int64(), **columns, **_DAYS}
        return read(model, schema, self.insurer, where, values)


def known_then(day: date) -> tuple[str, Sequence[Any]]:
    """SQL for the versions that were known at the end of a day, and its values."""
    moment = connection.ops.adapt_datetimefield_value(end_of(day))
    where = "recorded_at <= %s AND (superseded_at IS NULL OR superseded_at > %s)"
    return where, [moment, moment]


def _on(versions: pl.DataFrame, day: date) -> pl.DataFrame:
    holds = (pl.col("valid_from") <= day) & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    )
    return versions.filter(holds).drop(_DAYS)


def _born(text: pl.Expr) -> list[pl.Expr]:
    """First and last day that a date with unknown parts (``00``) may be."""
    year, month, day = (
        text.str.slice(start, size).cast(pl.Int32, strict=False)
        for start, size in ((0, 4), (5, 2), (8, 2))
    )
    first = pl.date(year, pl.max_horizontal(month, 1), pl.max_horizontal(day, 1))
    last = (
        pl.when(month == 0)
        .then(pl.date(year, 12, 31))
        .when(day == 0)
        .then(pl.date(year, pl.max_horizontal(month, 1), 1).dt.month_end())
        .otherwise(first)
    )
    return [first.alias("birth_first"), last.alias("birth_last")]
