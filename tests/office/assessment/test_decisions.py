"""Decisions that are imported reach the levy: the register's is the persons file's, to the yen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.levy import levy
from kokuho.office.imports.run import run
from kokuho.office.register.models import Assessment
from kokuho.office.tenancy import seeing
from kokuho.sample import generate
from kokuho.sample.register import write_register
from kokuho.tables import write_csv
from tests.office.assessment.town import ordinance, run_year
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

Row = dict[str, Any]
COLUMNS = {
    "involuntary_unemployment": "involuntary_unemployment_from",
    "maternity": "maternity_from",
    "former_dependant": "former_dependant_from",
    "per_capita_exemption": "per_capita_exemption",
}


def decided(persons: pl.DataFrame) -> list[Row]:
    """The rows of a persons file; some of those who stay all year get a relief of each kind."""
    rows: list[Row] = [row | {"per_capita_exemption": 0} for row in persons.to_dicts()]
    staying = [r for r in rows if r["insured"] and r["joined_on"] is None and r["left_on"] is None]
    young = [r for r in staying if date(1966, 1, 1) < r["birth_date"] < date(2000, 1, 1)]
    old = [r for r in staying if date(1953, 1, 1) < r["birth_date"] < date(1959, 1, 1)]
    earning = [r for r in young if r["salary_revenue"]]
    for row in earning[:12]:
        row["involuntary_unemployment_from"] = date(2026, 8, 1)
    for number, row in enumerate(young[40:52]):
        row |= {"maternity_from": date(2026, 3 + number % 9, 15), "maternity_months": 4}
    for row in old[:12]:
        row["former_dependant_from"] = date(2025, 11, 1)
    for row in young[60:72]:
        row["per_capita_exemption"] = 333_333
    return rows


def decision(row: Mapping[str, Any], kind: str) -> Row:
    exempt = kind == "per_capita_exemption"
    return {
        "insurer_code": INSURER,
        "kind": kind,
        "person_id": row["person_id"],
        "since": date(2026, 4, 1) if exempt else row[COLUMNS[kind]],
        "months": row["maternity_months"] if kind == "maternity" else None,
        "share": "0.333333" if exempt else None,
    }


def assessed() -> dict[str, int]:
    with seeing([INSURER]):
        found = Assessment.objects.known().values_list("household__household_number", "total")
        return {number: total for number, total in found if total}


def levied(rows: list[Row], persons: pl.DataFrame, households: pl.DataFrame) -> dict[str, int]:
    schema = {**persons.schema, "per_capita_exemption": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema)
    made = levy(frame, households, [ordinance().year(2026)], steps=False).households
    return dict(made.filter(pl.col("total") > 0).select("household_id", "total").iter_rows())


def test_a_register_with_imported_decisions_is_levied_as_the_persons_file(
    store: Store, tmp_path: Path
) -> None:
    persons, households = generate(persons=700, seed=4, fiscal_year=2026, insurer_code=INSURER)
    rows = decided(persons)
    add_insurer()
    written = write_register(tmp_path, persons, households, 4, 2026)
    later = [(kind, path) for kind, path in written.later if kind == "enrolments"]
    for kind, path in (*written.first, *later):
        if kind != "decisions":
            assert run(kind, path).imported
    made = [decision(row, kind) for kind, column in COLUMNS.items() for row in rows if row[column]]
    for kind in COLUMNS:
        assert sum(one["kind"] == kind for one in made) >= 12
    path = tmp_path / "decisions.csv"
    write_csv(pl.DataFrame(made, infer_schema_length=None), path)
    assert run("decisions", path).counts["inserted"] == len(made)
    assert run_year().counts.get("put_aside", 0) == 0
    wanted = levied(rows, persons, households)
    assert assessed() == wanted
    undecided = dict.fromkeys(COLUMNS.values()) | {"maternity_months": 0, "per_capita_exemption": 0}
    without = levied([row | undecided for row in rows], persons, households)
    assert sum(total != wanted.get(house) for house, total in without.items()) > 30


def test_a_second_unemployment_in_a_row_reaches_to_the_end_of_the_year(
    store: Store, tmp_path: Path
) -> None:
    """The later row ends the earlier one, which does not end the relief."""
    persons, households = generate(persons=40, seed=4, fiscal_year=2026, insurer_code=INSURER)
    rows = persons.to_dicts()
    someone = next(r for r in rows if r["salary_revenue"] and r["insured"] and not r["joined_on"]
                   and date(1966, 1, 1) < r["birth_date"])  # fmt: skip
    someone["involuntary_unemployment_from"] = date(2026, 6, 1)
    add_insurer()
    for kind, path in write_register(tmp_path, persons, households, 4, 2026).first:
        assert run(kind, path).imported
    first = decision(someone, "involuntary_unemployment")
    path = tmp_path / "two.csv"
    write_csv(pl.DataFrame([first, first | {"since": date(2026, 11, 1)}]), path)
    assert run("decisions", path).counts["inserted"] == 2
    assert run_year().counts.get("put_aside", 0) == 0
    home = someone["household_id"]
    rows = [row | {"per_capita_exemption": 0} for row in rows]
    assert assessed()[home] == levied(rows, persons, households)[home]
