"""What the official form prints: sheets of six years, blanks that stay blank, rates on demand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from kokuho.plan import (
    ROWS,
    Amounts,
    Document,
    Insurer,
    Occurrence,
    Plan,
    Policy,
    form_of,
    load_plan,
    read_plan,
    share,
)
from tests.plan.city import city_plan, yearly
from tests.plan.invented import invent


def rates_of(plan: Plan, row: str = "total") -> dict[str, Decimal | None]:
    """The rates that the form with computed rates prints for the years, by the year's name."""
    return {
        year: cell.rate
        for sheet in form_of(plan, with_rates=True).sheets
        for one in sheet.rows
        if one.row == row
        for year, cell in zip(sheet.years, one.cells, strict=True)
    }


def test_eighteen_years_make_the_three_sheets_of_the_council_document() -> None:
    form = form_of(city_plan())
    assert form.title == "国保財政健全化変更計画書(案)"
    assert form.period == "（平成30年度から令和17年度まで18ヵ年計画）"
    totals = [{row.row: row.total.amount for row in sheet.rows} for sheet in form.sheets]
    assert totals == [
        {"other_transfer": amount, "advance_increase": 0, "total": amount}
        for amount in (300_000, 420_000, 480_000)
    ]
    assert [sheet.years[0] for sheet in form.sheets] == ["平成30年度", "令和6年度", "令和12年度"]
    assert form.sheets[1].ordinals == tuple(f"第{number}年次" for number in range(7, 13))


@pytest.mark.parametrize("source", ["data/koganei_council_2025_3.txt", "example"])
def test_the_council_document_alone_gives_the_three_sheets_and_their_rates(source: str) -> None:
    here = Path(__file__).parent
    example = here.parents[1] / "examples" / "koganei" / "plan.yaml"
    plan = load_plan(example) if source == "example" else read_plan(here / source).plan
    form = form_of(plan, with_rates=True)
    totals = [[row.total.amount for row in sheet.rows] for sheet in form.sheets]
    assert totals == [[amount, 0, amount] for amount in (300_000, 420_000, 480_000)]
    rates = [str(rate) for rate in rates_of(plan).values() if rate is not None]
    assert rates == ["6.25", *["11.25"] * 3, *["10.00"] * 6]
    assert (form.deficit, form.current_amount) == (226_236, 800_000)
    assert [measure.amount for measure in form.measures] == [70_000, 5_000, 15_000]
    assert (form.signatory, form.day) == ("小金井市長", "令和8年　　月　　日")


def test_rates_stay_blank_as_on_the_form_unless_they_are_asked_for() -> None:
    form = form_of(city_plan())
    assert {cell.rate for sheet in form.sheets for row in sheet.rows for cell in row.cells} == {
        None
    }
    assert form.marks == ()


def test_computed_rates_stand_on_the_budget_estimate_from_fy2026_and_nowhere_before() -> None:
    rates = rates_of(city_plan())
    assert list(rates.values())[:8] == [None] * 8
    expected = ["6.25", *["11.25"] * 3, *["10.00"] * 6]
    assert [str(rate) for rate in list(rates.values())[8:]] == expected
    form = form_of(city_plan(), with_rates=True)
    cells = [cell for sheet in form.sheets for cell in sheet.rows[2].cells]
    assert [cell.computed for cell in cells] == [False] * 8 + [True] * 10
    assert {cell.base for cell in cells[8:]} == {"budget_estimate"}


def test_computed_rates_are_marked_with_their_base_and_blank_ones_with_the_reason() -> None:
    form = form_of(city_plan(), with_rates=True)
    assert len(form.marks) == 2
    assert "予算推計ベースの令和7年度の赤字額800,000千円" in form.marks[0]
    assert "令和8年度から令和17年度までの累計は100.00%" in form.marks[0]
    assert (
        "平成30年度から令和7年度までの率は、基準となる赤字額が定まらないため空欄" in form.marks[1]
    )
    assert [notice.code for notice in form.notices] == ["rate-base-uncertain"]
    assert form.notices[0].place == "years.2018-2025"


def test_a_sheet_whose_years_have_two_bases_has_no_rate_of_its_total() -> None:
    first, second, third = form_of(city_plan(), with_rates=True).sheets
    assert first.rows[2].total.rate is None
    assert second.rows[2].total.rate is None
    assert third.rows[2].total.rate == Decimal("60.00")


@pytest.mark.parametrize("left", [1, 4_000, 400_000])
def test_a_partial_plan_never_shows_one_hundred_percent(left: int) -> None:
    plan = city_plan()
    assert plan.current_deficit is not None
    current = plan.current_deficit.model_copy(update={"amount": 800_000 + left})
    form = form_of(plan.model_copy(update={"current_deficit": current}), with_rates=True)
    assert "100.00" not in " ".join(form.marks)
    rates = [c.rate for s in form.sheets for r in s.rows for c in (*r.cells, r.total) if c.rate]
    assert rates
    assert max(rates) < 100


def test_one_hundred_is_printed_only_where_everything_is_cleared() -> None:
    for seed in range(60):
        plan = invent(Random(seed))
        base = plan.current_deficit.amount if plan.current_deficit else plan.occurrence.total
        form = form_of(plan, with_rates=True)
        for sheet in form.sheets:
            for row in sheet.rows:
                for cell in (*row.cells, row.total):
                    if cell.computed and cell.rate == 100:
                        assert base is not None
                        assert cell.amount in (base, base - (plan.occurrence.surplus or 0))


def test_a_rate_that_the_plan_states_is_printed_and_not_marked_as_computed() -> None:
    plan = next(p for n in range(99) if (p := invent(Random(n))).years[-1].rates)
    stated = plan.years[-1].rates
    for with_rates in (False, True):
        cell = form_of(plan, with_rates).sheets[-1].rows[2].cells[-1]
        assert stated is not None
        assert (cell.rate, cell.computed) == (stated.total, False)


def test_only_the_new_increase_of_an_advance_is_on_the_form() -> None:
    plan = city_plan()
    years = tuple(
        entry.model_copy(
            update={"planned": Amounts(other_transfer=30_000, advance_increase=entry.year - 2018)}
        )
        for entry in plan.years
    )
    form = form_of(plan.model_copy(update={"years": years}), with_rates=True)
    assert [cell.amount for cell in form.sheets[0].rows[1].cells] == [0, 1, 2, 3, 4, 5]
    assert form.sheets[2].rows[1].cells[0].rate == share(12, 800_000)
    assert form.sheets[0].rows[2].total.amount == 6 * 30_000 + 15


def test_an_unknown_amount_is_blank_and_makes_its_sums_blank() -> None:
    plan = city_plan()
    years = tuple(
        entry.model_copy(update={"planned": Amounts(other_transfer=None, advance_increase=0)})
        if entry.year == 2027
        else entry
        for entry in plan.years
    )
    form = form_of(plan.model_copy(update={"years": years}), with_rates=True)
    other, advance, total = form.sheets[1].rows
    assert (other.cells[3].amount, other.cells[3].rate, other.total.amount) == (None, None, None)
    assert (total.cells[3].amount, total.total.amount) == (None, None)
    assert advance.total.amount == 0
    assert "amount-unknown" in [notice.code for notice in form.notices]


def test_sums_are_our_own_and_a_stated_total_that_differs_is_told() -> None:
    plan = next(p for n in range(99) if len((p := invent(Random(n))).period) == 6)
    wrong = plan.declared[0].model_copy(update={"other_transfer": 1})
    form = form_of(plan.model_copy(update={"declared": (wrong,)}))
    ours = sum(entry.planned.other_transfer or 0 for entry in plan.years)
    assert form.sheets[0].rows[0].total.amount == ours
    assert "row-total" in [notice.code for notice in form.notices]


@pytest.mark.parametrize("length", [1, 6, 7, 20, 23])
def test_a_plan_of_any_length_has_sheets_of_six_years(length: int) -> None:
    plan = city_plan(period=city_plan().period.model_copy(update={"last_year": 2017 + length}))
    form = form_of(plan)
    assert len(form.sheets) == -(-length // 6)
    assert form.sheets[0].years[0] == "平成30年度"
    assert sum(len(sheet.years) for sheet in form.sheets) == length
    assert all(len(row.cells) == len(s.years) for s in form.sheets for row in s.rows)
    assert [row.row for row in form.sheets[0].rows] == list(ROWS)


def test_what_is_not_known_is_an_empty_place_to_write_in() -> None:
    empty = city_plan(
        document=Document(kind="initial", draft=True),
        insurer=Insurer(prefecture=None, number=None, name=None),
        occurrence=Occurrence(
            year=None,
            basis="settlement",
            other_transfer=None,
            advance_increase=None,
            total=None,
        ),
        current_deficit=None,
        policy=Policy(target_year=None),
        causes=(),
        measures=(),
    )
    form = form_of(empty)
    assert form.title == "国保財政健全化計画書（案）"
    assert form.submission == "上記のとおり国保財政健全化計画書を提出します。"
    assert form.day == "令和　　年　　月　　日"
    assert form.addressee == "　　　　知事　殿"
    assert (form.name, form.signatory, form.deficit, form.occurrence_year) == ("", "", None, "")
    assert form.current == "①予算推計ベースの当年度の赤字額"
    assert form.current_amount is None


@pytest.mark.parametrize(
    ("submitted_on", "printed"),
    [
        ("2026-00-00", "令和8年　　月　　日"),
        ("2026-03-00", "令和8年3月　　日"),
        ("2026-03-31", "令和8年3月31日"),
        ("2019-04-30", "平成31年4月30日"),
        ("2019-05-01", "令和元年5月1日"),
        ("2019-00-00", "令和元年　　月　　日"),
    ],
)
def test_the_day_keeps_its_blanks(submitted_on: str, printed: str) -> None:
    document = city_plan().document.model_copy(update={"submitted_on": submitted_on})
    assert form_of(city_plan(document=document)).day == printed


def test_measures_are_numbered_with_their_lines() -> None:
    first = form_of(city_plan()).measures[0]
    assert (first.heading, first.amount) == ("1 歳入の確保", 70_000)
    assert first.items == ("① 保険税率の見直し", "② インセンティブの獲得")


def test_the_amounts_of_the_fixture_clear_the_deficit() -> None:
    assert sum(map(yearly, range(2026, 2036))) == 800_000
