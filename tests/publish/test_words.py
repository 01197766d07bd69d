"""What is said of charts follows from figures; views are laid out by dimensions alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kokuho.publish.alternatives import in_words
from kokuho.publish.pictures import picture
from kokuho.publish.tables import table_of
from kokuho.publish.views import View, measures_of
from kokuho.publish.words import Words
from kokuho.statistics import Figure, MeasureFile, count, measure_file, ratio
from tests.publish.city import AS_OF, CODE

JA, EN = Words("ja"), Words("en")


def view_of(*figures: Figure, place: int = 0) -> View:
    file: MeasureFile = measure_file(CODE, AS_OF, figures)
    [measure] = measures_of(file).values()
    return measure.views[place]


def share(year: int, number: int) -> Figure:
    return ratio(f"foreign_share[year={year}]", number, 1000, places=1)


def test_a_course_is_told_from_its_first_to_its_last_value_with_what_lies_outside() -> None:
    view = view_of(share(2022, 40), share(2023, 50), share(2024, 45))
    assert in_words(view, JA) == (
        "令和4年度の4.0%から令和6年度の4.5%に増えた。最も高いのは令和5年度の5.0%。全国は令和5年度に4.0%。"
    )
    assert in_words(view, EN).startswith("Risen from 4.0% in FY2022 to 4.5% in FY2024. Highest in")


def test_a_fall_and_a_standstill_are_told_as_such() -> None:
    assert "に減った" in in_words(view_of(share(2023, 50), share(2024, 40)), JA)
    assert "も同じ" in in_words(view_of(share(2023, 50), share(2024, 50)), JA)


def test_suppressed_figures_are_counted_and_stay_out_of_the_course() -> None:
    hidden = Figure(id="foreign_share[year=2022]", unit="percent", suppressed=True)
    view = view_of(hidden, share(2023, 50), share(2024, 60))
    said = in_words(view, JA)
    assert "令和5年度の5.0%から" in said
    assert said.endswith("1つの値は秘匿。")
    svg = picture(view, JA, "x")
    assert svg is not None
    assert ">秘匿</text>" in svg


def ages(*pairs: tuple[str, str, int]) -> list[Figure]:
    cells = [count(f"foreign_insured[year=2025,age={age},sex={sex}]", number)
             for age, sex, number in pairs]  # fmt: skip
    whole = sum(number for age, _sex, number in pairs if age != "20-39")
    return [*cells, count("foreign_insured[year=2025]", whole)]


def test_a_class_that_stands_in_others_too_comes_last_and_is_no_bar() -> None:
    given = ages(("20-39", "M", 50), ("20-39", "F", 40), ("20-24", "M", 20), ("20-24", "F", 15),
                 ("25-29", "M", 30), ("25-29", "F", 25))  # fmt: skip
    view = view_of(*given, place=1)
    table = table_of(view, JA)
    assert [row.name for row in table.rows] == ["20〜24歳", "25〜29歳", "計", "20〜39歳(再掲)"]
    assert [row.margin for row in table.rows] == [False, False, True, True]
    svg = picture(view, JA, "x")
    assert svg is not None
    assert "25〜29歳" in svg
    assert "20〜39歳" not in svg


def test_months_follow_one_another_and_the_settlement_closes_the_year() -> None:
    def rate(until: str, number: int) -> Figure:
        return ratio(
            f"collection_rate_official[year=2025,until={until},section=current]", number, 1000
        )

    view = view_of(rate("settlement", 960), rate("2026-01", 800), rate("2025-12", 700))
    assert [row[1] for row in view.rows] == ["2025-12", "2026-01", "settlement"]


def test_the_two_formulas_of_collection_rates_are_never_in_one_picture() -> None:
    figures = [
        ratio(f"collection_rate_{name}[year={year},until={year}-12,section=current]", 900, 1000)
        for name in ("official", "heads_all")
        for year in (2023, 2024)
    ]
    found = measures_of(measure_file(CODE, AS_OF, figures))
    assert list(found) == ["collection_rate_official", "collection_rate_heads_all"]
    for measure in found.values():
        for view in measure.views:
            assert {one.id.split("[")[0] for one in view.shown} == {measure.definition.id}


def test_every_picture_is_one_image_that_the_page_describes() -> None:
    view = view_of(share(2023, 50), share(2024, 60))
    first, second = (picture(view, JA, name) for name in ("a", "b"))
    assert first is not None
    assert second is not None
    assert first.startswith('<svg role="img" aria-labelledby="a-title" aria-describedby="a-words"')
    assert "role=" not in second.partition(">")[2]


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("1234567", 0, "1,234,567"), ("-5", 0, "−5"), ("4.1", 1, "4.1"), ("63", 2, "63.00")],
)
def test_numbers_are_shown_with_separators_and_their_decimals(
    value: str, places: int, shown: str
) -> None:
    assert JA.number(Decimal(value), places) == shown


def test_an_amount_of_a_large_account_is_drawn_in_a_larger_unit_and_told_in_yen() -> None:
    view = view_of(count("account_balance[year=2024]", 310_000_000, "yen"),
                   count("account_balance[year=2025]", 1_200_000_000, "yen"))  # fmt: skip
    svg = picture(view, JA, "x")
    assert svg is not None
    assert "億円" in svg
    assert "1,200,000,000円" in in_words(view, JA)
