"""The document's derived columns recomputed, and what is wrong in a measure file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kokuho.statistics import Figure, count, measure_file, ratio, reference, series
from kokuho.statistics.verification import recomputed, verify_file, verify_reference
from tests.statistics.tables import DAY


def test_one_derived_number_of_the_document_cannot_follow_and_it_is_named() -> None:
    found = verify_reference()
    assert [(one.code, one.place, one.printed, one.expected) for one in found] == [
        ("ratio-impossible", "national_foreign_share[year=2023]", "4.0", "4.06 to 4.10")
    ]


def test_every_derived_number_whose_counts_are_printed_is_recomputed() -> None:
    tested = {(one.series.id, dict(one.cell)["year"]) for one in recomputed()}
    assert len(tested) == 32
    # of the first year the year before is not printed
    assert ("national_insured_yoy", "2014") not in tested
    assert ("national_insured_yoy", "2015") in tested


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("national_insured", {"year": "2023"}, 23_780_000),
        ("national_foreign_insured", {"year": "2014"}, 910_000),
        ("national_foreign_20_39", {"year": "2023", "age": "20-39"}, 506_000),
        ("national_claims", {"year": "2023"}, 360_050_000),
        ("national_foreign_claims", {"year": "2023"}, 6_233_726),
        ("national_cost", {"year": "2023"}, 8_926_800_000_000),
        ("national_foreign_cost", {"year": "2023"}, 124_000_000_000),
        ("national_high_cost_count", {"year": "2023"}, 9_365_972),
        ("national_foreign_high_cost_amount", {"year": "2023"}, 11_800_000_000),
        ("national_foreign_share_high_cost_amount", {"year": "2023"}, Decimal("1.21")),
        ("survey_collection_rate_foreign_heads", {"year": "2024", "until": "2024-12"}, 63),
        ("survey_collection_rate_all", {"year": "2024"}, 93),
        ("national_collection_rate", {"year": "2024"}, 94),
    ],
)
def test_printed_numbers_are_in_persons_yen_and_percent(
    name: str, cell: dict[str, str], value: int
) -> None:
    assert series(name).points[tuple(cell.items())] == value


def test_all_numbers_of_the_documents_tables_are_there() -> None:
    years = {"national_insured", "national_insured_yoy", "national_foreign_insured",
             "national_foreign_insured_yoy", "national_foreign_share"}  # fmt: skip
    assert {len(reference()[name].points) for name in years} == {10}
    assert len(reference()) == 5 + 1 + 12 + 3


def _codes(*figures: Figure) -> list[tuple[str, str]]:
    found = verify_file(measure_file("990001", DAY, figures))
    return [(one.code, one.place) for one in found]


def test_a_file_that_holds_together_has_no_finding() -> None:
    assert not _codes(
        count("insured[year=2025]", 500),
        count("insured[year=2025,sex=M]", 240),
        count("insured[year=2025,sex=F]", 260),
        count("foreign_insured[year=2025]", 20),
        ratio("foreign_share[year=2025]", 20, 500, places=1),
    )


def test_ratios_totals_parts_units_and_names_are_looked_at() -> None:
    share = ratio("foreign_share[year=2025]", 20, 500, places=1)
    assert _codes(share.model_copy(update={"value": Decimal("4.1")})) == [
        ("wrong-value", "foreign_share[year=2025]")
    ]
    whole = count("insured[year=2025]", 500)
    assert _codes(whole, count("insured[year=2025,sex=M]", 240)) == [
        ("wrong-total", "insured[year=2025]")
    ]
    assert _codes(whole, ratio("foreign_share[year=2025]", 20, 501, places=1)) == [
        ("wrong-total", "foreign_share[year=2025]")
    ]
    assert _codes(count("insured[year=2025]", 500, "yen")) == [("wrong-unit", "insured[year=2025]")]
    assert _codes(count("nonsense", 500)) == [("unknown-measure", "nonsense")]
    assert _codes(count("insured[year=2025,sex=Z]", 500)) == [
        ("unknown-measure", "insured[year=2025,sex=Z]")
    ]


def test_a_count_is_whole_and_not_below_zero_and_a_balance_may_be() -> None:
    for value in ("10.5", "-10"):
        figure = Figure(id="insured[year=2025]", value=Decimal(value), unit="count")
        assert _codes(figure) == [("wrong-value", "insured[year=2025]")]
    assert not _codes(count("account_balance[year=2025]", -7, "yen"))


def test_what_is_too_small_or_follows_from_the_others_is_found() -> None:
    hidden = Figure(id="insured[year=2025,sex=F]", unit="count", suppressed=True)
    whole, men = count("insured[year=2025]", 500), count("insured[year=2025,sex=M]", 495)
    assert _codes(whole, men, hidden) == [("derivable", "insured[year=2025,sex=F]")]
    assert _codes(whole, men, count(hidden.id, 5)) == [("small-cell", "insured[year=2025,sex=F]")]
