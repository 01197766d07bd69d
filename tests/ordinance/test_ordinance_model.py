"""The model by itself: rates, refusals without borrowing, rounding, due dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from pydantic import ValidationError

import kokuho.ordinance
from kokuho.base.errors import OrdinanceError
from kokuho.ordinance import (
    Exemption,
    Insurer,
    Months,
    OrdinanceYear,
    Part,
    Rounding,
    find,
)

INSURER = Insurer(
    code="990019", name="架空市", prefecture="架空県", municipality_code="990019", kind="premium"
)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def part(**changes: object) -> Part:
    return Part.model_validate({"income_rate": "0.05", "per_capita": 1, "cap": 9} | changes)


def year(**changes: object) -> OrdinanceYear:
    sound = {"fiscal_year": 2026, "insurer": INSURER, "parts": {"medical": part()}}
    return OrdinanceYear.model_validate(sound | {"rounding": {"part": 100}} | changes)


def test_public_names_are_complete_and_sorted() -> None:
    names = kokuho.ordinance.__all__
    assert list(names) == sorted(names, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(kokuho.ordinance, name) for name in names)


def test_rates_are_exact_and_known_in_millionths() -> None:
    koganei = find("koganei").year(2026).part("medical")
    assert koganei.income_rate == Decimal("0.0674")
    assert (koganei.income_ppm, koganei.asset_ppm) == (67_400, 0)
    assert part(asset_rate="0.230000").asset_ppm == 230_000


def test_a_float_is_no_rate_even_from_code() -> None:
    with pytest.raises(ValidationError, match="decimal string"):
        part(income_rate=0.05)
    assert part(income_rate=Decimal("0.05")).income_ppm == 50_000


def test_a_year_that_is_absent_is_refused_with_the_years_that_are_there() -> None:
    with pytest.raises(OrdinanceError) as refused:
        find("大府市").year(2020)
    message = str(refused.value)
    assert "大府市" in message
    assert "232238" in message
    assert "令和2年度" in message
    assert "平成30年度, 令和4年度" in message


def test_a_year_with_an_unconfirmed_part_is_refused_unless_it_is_asked_for() -> None:
    natori = find("042072")
    with pytest.raises(OrdinanceError, match=r"名取市.*child.*令和8年度.*not confirmed"):
        natori.year(2026)
    known = natori.year(2026, allow_unconfirmed=True)
    assert list(known.parts) == ["medical", "support", "care"]
    with pytest.raises(OrdinanceError, match="states no child part for 令和8年度"):
        known.part("child")
    assert natori.year(2025).part("care").per_household == 7000


def test_a_municipality_that_is_not_shipped_is_refused_with_those_that_are() -> None:
    with pytest.raises(OrdinanceError, match="小金井市"):
        find("札幌市")


def test_the_months_and_the_end_of_february_follow_the_fiscal_year() -> None:
    terms = find("小金井市").year(2026).terms
    assert [term.number for term in terms] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [term.due for term in terms] == [
        date(2026, 7, 31),
        date(2026, 8, 31),
        date(2026, 9, 30),
        date(2026, 10, 31),
        date(2026, 11, 30),
        date(2026, 12, 25),
        date(2027, 1, 31),
        date(2027, 2, 28),
    ]


def test_parts_stand_in_the_order_of_the_law() -> None:
    parts = {"child": part(per_capita_adult=3), "care": part(), "medical": part()}
    assert list(year(parts=parts).parts) == ["medical", "care", "child"]


@pytest.mark.parametrize(
    ("parts", "method"),
    [
        ({"medical": part()}, 2),
        ({"medical": part(), "support": part(per_household=1)}, 3),
        ({"medical": part(per_household=1), "care": part(asset_rate="0.01")}, 4),
    ],
)
def test_the_method_counts_what_is_levied(parts: dict[str, Part], method: int) -> None:
    assert year(parts=parts).method == method


def test_rounding_defaults_are_those_of_the_levys_definition() -> None:
    rounding = Rounding(part=100)
    assert (rounding.base, rounding.person, rounding.total, rounding.reduction_unit) == (1, 1, 1, 1)
    assert rounding.income_component == "per_household"
    assert rounding.income_mode == "floor"
    assert rounding.reduction == "reduced_unit"
    assert (Months().order, Months().cap) == ("multiply_first", "prorated")


def test_a_unit_for_persons_implies_the_income_component_of_each_person() -> None:
    assert Rounding(part=100, person=100).income_component == "per_person"
    with pytest.raises(ValidationError, match=r"needs rounding\.income_component"):
        Rounding(part=100, person=100, income_component="per_household")
    assert find("西東京市").year(2026).rounding.income_component == "per_person"


def test_dividing_first_needs_the_income_component_of_each_person() -> None:
    with pytest.raises(ValidationError, match=r"months\.order"):
        year(months={"order": "divide_first"})
    per_person = {"part": 100, "income_component": "per_person"}
    assert year(months={"order": "divide_first"}, rounding=per_person).months.cap == "prorated"


def test_an_exemption_is_a_fraction_and_none_without_one() -> None:
    own = Exemption(kind="under_18_per_capita", cut=Decimal("0.8"))
    assert year(exemptions=[own]).exemption("under_18_per_capita") == Fraction(4, 5)
    assert year(exemptions=[own]).exemption("preschool_per_capita") is None


def test_an_ordinance_cannot_be_changed_once_it_is_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        year().parts["medical"].cap = 10  # type: ignore[misc]
