"""Many rates over one city: what a solver or a table of alternatives asks of the levy.

Stage 1 (:func:`kokuho.levy.kernel.judge`) is done once; here the steps of stage 2 run over many
*rate vectors* at a time, with the rates as columns beside every person. The steps are the levy's
own, so every household's amount is the one that :func:`kokuho.levy.kernel.levy` gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kokuho.base.errors import LevyError
from kokuho.base.messages import translator
from kokuho.levy import amounts
from kokuho.levy.groups import Runs
from kokuho.levy.kernel import Judged, check_range
from kokuho.levy.method import RATE_FIELDS, Method, Rates, rate_values
from kokuho.levy.steps import apply
from kokuho.ordinance import OrdinanceYear

_ = translator("levy")

ROWS_AT_A_TIME = 600_000
"""Persons times vectors of one batch: some hundred megabytes."""

HOUSEHOLD_COLUMNS = (
    "insured_union", "care_union", "former_union", "specific_half", "specific_three_quarters",
    "reduction",
)  # fmt: skip


class _VectorRates(Rates):
    """Rates that stand as columns and come from no ordinance."""

    def __init__(self, vectors: pl.DataFrame) -> None:
        super().__init__([], as_columns=True)
        self._vectors = vectors

    def used(self, part: str, field: str) -> bool:
        return bool((self._vectors[f"rate_{part}_{field}"] != 0).any())


def vector_of(ordinance: OrdinanceYear) -> dict[str, int]:
    """The rates of an ordinance as a vector: ``rate_<part>_<field>``, millionths and yen."""
    return {
        f"rate_{part}_{field}": value for (part, field), value in rate_values(ordinance).items()
    }


def totals(judged: Judged, vectors: Sequence[Mapping[str, int]] | pl.DataFrame) -> pl.DataFrame:
    """The sums of a city's levy under each vector of rates, in yen.

    Args:
        judged: stage 1 of the city, all its households under one method.
        vectors: one row a vector, with every column that :func:`vector_of` gives.

    Returns:
        One row a vector, in the given order: ``vector`` (its number from 0), the sum of each part
        and ``total``.

    Raises:
        LevyError: a rate is missing, or incomes are beyond what these rates levy exactly.
    """
    parts = [*judged.method.parts, "total"]
    batches = [
        batch.group_by("vector", maintain_order=True).agg(pl.col(parts).sum())
        for batch in _batches(judged, _checked(vectors, judged.method))
    ]
    if not batches:
        return pl.DataFrame(schema=dict.fromkeys(["vector", *parts], pl.Int64))
    return pl.concat(batches)


def by_household(
    judged: Judged, vectors: Sequence[Mapping[str, int]] | pl.DataFrame
) -> pl.DataFrame:
    """The amounts of every household under each vector: ``vector``, ``hh``, the parts, ``total``.

    ``hh`` is the row of ``judged.households``. As :func:`totals`, but as long as the city times
    the vectors.
    """
    return pl.concat(list(_batches(judged, _checked(vectors, judged.method))))


def _checked(vectors: Sequence[Mapping[str, int]] | pl.DataFrame, method: Method) -> pl.DataFrame:
    frame = vectors if isinstance(vectors, pl.DataFrame) else pl.DataFrame(list(vectors))
    wanted = [f"rate_{part}_{field}" for part in method.parts for field in RATE_FIELDS]
    for name in wanted if frame.height else ():
        whole = name in frame.columns and frame[name].dtype.is_integer()
        if not whole or frame[name].null_count():
            raise LevyError(
                _("A vector of rates has no whole number for {name}.").format(name=name)
            )
    if not frame.height:
        return pl.DataFrame(schema=dict.fromkeys(wanted, pl.Int64))
    return frame.select(pl.col(wanted).cast(pl.Int64))


def _batches(judged: Judged, vectors: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Amounts by household, some vectors at a time."""
    law, method = judged.law, judged.method
    count = judged.households.height
    numbered = vectors.with_row_index("vector").with_columns(pl.col("vector").cast(pl.Int64))
    people = judged.persons.lazy().with_columns(
        reduction=pl.lit(judged.households["reduction"]).gather(pl.col("hh"))
    )
    rates = _VectorRates(vectors)
    person_steps = amounts.person_steps(law, method, rates)
    wanted = amounts.household_sums(method)
    made = {step.name for step in person_steps}
    read = {root for step in person_steps for root in step.expr.meta.root_names()}
    read |= {item.name for item in wanted}
    of_people = sorted(name for name in read - made if not name.startswith("rate_"))
    persons = people.select("hh", *of_people).collect()
    houses = judged.households.select(HOUSEHOLD_COLUMNS).with_row_index("house")
    house_steps = amounts.household_steps(law, method, rates)
    highest = max(
        (int(vectors[c].max() or 0) for c in vectors.columns if c.endswith(("_income", "_asset"))),  # type: ignore[arg-type]
        default=0,
    )
    size = max(1, ROWS_AT_A_TIME // max(1, persons.height))
    runs_of: dict[int, Runs] = {}
    for batch in numbered.iter_slices(size):
        copies = batch.height
        if copies not in runs_of:
            hh = persons["hh"].cast(pl.Int64)
            runs_of[copies] = Runs.of(pl.concat([hh + copy * count for copy in range(copies)]))
        shares = apply(
            batch.lazy().join(persons.lazy(), how="cross", maintain_order="left_right"),
            person_steps,
        ).select(item.name for item in wanted)
        sums = runs_of[copies].gather(shares.collect(), wanted)
        check_range(sums, highest)
        city = batch.join(houses, how="cross", maintain_order="left_right").with_columns(
            sums.get_columns()
        )
        yield (
            apply(city.lazy(), house_steps)
            .select("vector", pl.col("house").cast(pl.Int64).alias("hh"), *method.parts, "total")
            .collect()
        )
