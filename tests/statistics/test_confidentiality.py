"""No suppressed number can be worked out: tried by a linear programme, and by trying all tables."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.base.errors import StatisticsError
from kokuho.statistics import Figure, MeasureFile, catalogue, count, measure_file, ratio
from kokuho.statistics.confidentiality import Rules, intervals, protect, protect_all
from kokuho.statistics.relations import Variable
from tests.statistics.tables import BESIDE, DAY, SEXES, Cell, cells_of, file_of, name, outsider

AGES = (*BESIDE, "40-44", "45-49")
NUMBERS = st.one_of(st.integers(0, 12), st.integers(0, 400))
TABLES = st.fixed_dictionaries({(age, sex): NUMBERS for age in AGES for sex in SEXES})


def told(file: MeasureFile, cells: dict[Cell, int]) -> dict[Cell, bool]:
    figures = file.by_id()
    return {cell: not figures[name(cell)].suppressed for cell in cells}


@settings(max_examples=30, deadline=None)
@given(TABLES)
def test_an_outsider_cannot_tell_a_suppressed_cell_closer_than_the_threshold(
    table: dict[Cell, int],
) -> None:
    cells = cells_of(table)
    known = told(protect(file_of(cells), Rules(10)), cells)
    assert all(not known[cell] for cell, number in cells.items() if 0 < number < 10)
    for low, high in outsider(cells, known).values():
        assert high - low >= 10 - 1e-6


@settings(max_examples=30, deadline=None)
@given(TABLES)
def test_what_is_told_is_true(table: dict[Cell, int]) -> None:
    cells = cells_of(table)
    published = protect(file_of(cells)).by_id()
    for cell, number in cells.items():
        figure = published[name(cell)]
        assert figure.suppressed or figure.value == number


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_trying_all_tables_leaves_more_than_the_threshold_open(numbers: list[int]) -> None:
    """Whole numbers, every table of two by two that agrees with what is published."""
    threshold = 3
    table = dict(zip(product(("0-4", "5-9"), SEXES), numbers, strict=True))
    cells = cells_of(table)
    known = told(protect(file_of(cells), Rules(threshold)), cells)
    found: dict[Cell, set[int]] = {cell: set() for cell in cells if not known[cell]}
    for tried in product(range(10), repeat=4):
        if not found:
            break
        other = cells_of(dict(zip(table, tried, strict=True)))
        if all(other[cell] == cells[cell] for cell in cells if known[cell]):
            for cell, values in found.items():
                values.add(other[cell])
    for values in found.values():
        assert max(values) - min(values) >= threshold


def test_a_single_small_cell_takes_others_with_it_and_leaves_the_total() -> None:
    cells = cells_of({(age, sex): 50 for age in AGES for sex in SEXES} | {("40-44", "F"): 3})
    known = told(protect(file_of(cells)), cells)
    assert known["", ""]
    assert not known["40-44", "F"]
    assert len([cell for cell in cells if not known[cell]]) == 4  # the smallest rectangle


def test_without_small_cells_everything_is_told() -> None:
    file = file_of(cells_of({(age, sex): 50 for age in AGES for sex in SEXES}))
    assert protect(file) == file


def test_zero_is_told() -> None:
    cells = cells_of({(age, sex): 50 for age in AGES for sex in SEXES} | {("40-44", "F"): 0})
    assert all(told(protect(file_of(cells)), cells).values())


def test_tables_that_share_their_total_are_kept_back_together() -> None:
    """Two nationalities, one of them small: the other follows from the total of the age table."""
    cells = cells_of({(age, sex): 50 for age in AGES for sex in SEXES})
    more = [
        count("foreign_insured[year=2025,nationality=VNM]", 596),
        count("foreign_insured[year=2025,nationality=NPL]", 4),
    ]
    published = protect(file_of(cells, more=more)).by_id()
    assert all(published[one.id].suppressed for one in more)
    assert not published["foreign_insured[year=2025]"].suppressed


@settings(max_examples=20, deadline=None)
@given(TABLES, st.integers(0, 40), st.integers(0, 10**7))
def test_a_ratio_is_kept_back_if_and_only_if_one_of_its_parts_is(
    table: dict[Cell, int], before: int, insured: int
) -> None:
    """Else it would follow from them, or be kept back in vain; numbers of all sizes are beside."""
    cells = cells_of(table)
    foreign, now = cells["", ""], cells["", ""] + insured
    more = [
        count("insured[year=2025]", now),
        count("foreign_insured[year=2024]", before),
        count("assessed[year=2025]", now * 123_457, "yen"),
        ratio("foreign_share[year=2025]", foreign, now, places=1),
        ratio("foreign_insured_yoy[year=2025]", foreign, before, places=1),
        ratio("assessed_per_insured[year=2025]", now * 123_457, now, places=0, unit="yen"),
    ]
    published = protect(file_of(cells, more=more)).by_id()
    for measure, parts in (
        ("foreign_share", ("foreign_insured[year=2025]", "insured[year=2025]")),
        ("foreign_insured_yoy", ("foreign_insured[year=2025]", "foreign_insured[year=2024]")),
        ("assessed_per_insured", ("assessed[year=2025]", "insured[year=2025]")),
    ):
        hidden = any(published[part].suppressed for part in parts)
        assert published[f"{measure}[year=2025]"].suppressed == hidden, measure


def test_a_ratio_goes_with_the_numbers_that_it_is_made_of() -> None:
    figures = [
        count("insured[year=2025]", 1_000),
        count("foreign_insured[year=2025]", 7),
        ratio("foreign_share[year=2025]", 7, 1_000, places=1),
        count("foreign_insured[year=2024]", 40),
        ratio("foreign_insured_yoy[year=2025]", 7, 40, places=1),
    ]
    published = protect(measure_file("990001", DAY, figures)).by_id()
    suppressed = {key for key, one in published.items() if one.suppressed}
    assert suppressed == {
        "foreign_insured[year=2025]", "foreign_share[year=2025]", "foreign_insured_yoy[year=2025]",
    }  # fmt: skip


def _rates(households: dict[str, int], yen: dict[str, tuple[int, int]]) -> list[Figure]:
    head = "[year=2025,until=settlement"
    return [
        *(count(f"households_heads_foreign{head}{cell}]", n) for cell, n in households.items()),
        *(
            ratio(f"collection_rate_heads_foreign{head}{cell}]", *parts)
            for cell, parts in yen.items()
        ),
    ]


def test_a_rate_of_few_households_is_suppressed_and_does_not_follow_from_the_other_terms() -> None:
    cells = {"": 40, ",term=1": 30, ",term=2": 35, ",term=3": 2, ",term=none": 12}
    yen = {",term=1": (500, 900), ",term=2": (700, 900), ",term=3": (10, 80), ",term=none": (4, 90)}
    whole = tuple(sum(parts[place] for parts in yen.values()) for place in (0, 1))
    figures = _rates(cells, {"": (whole[0], whole[1]), **yen})
    published = protect(measure_file("990001", DAY, figures)).by_id()
    head = "collection_rate_heads_foreign[year=2025,until=settlement"
    assert published[head + ",term=3]"].suppressed
    hidden = [key for key, one in published.items() if one.suppressed and key.startswith(head)]
    assert len(hidden) > 1
    assert not published[head + "]"].suppressed


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10**9)), min_size=3, max_size=6),
)
def test_no_suppressed_amount_can_be_told_closer_than_its_share(
    rows: list[tuple[int, int]],
) -> None:
    rules = Rules(10, 20)
    yen = {
        f",term={number}": (levied // 2 if houses else 0, levied if houses else 0)
        for number, (houses, levied) in enumerate(rows, start=1)
    }
    cells = {f",term={number}": houses for number, (houses, _yen) in enumerate(rows, start=1)}
    cells[""] = max(cells.values())
    whole = tuple(sum(parts[place] for parts in yen.values()) for place in (0, 1))
    file = measure_file("990001", DAY, _rates(cells, {"": (whole[0], whole[1]), **yen}))
    true = file.by_id()
    for one, (low, high) in intervals({"": protect(file, rules)}).items():
        value = getattr(true[one.id], one.place)
        width = 10 if one.place == "value" else max(10, -(-int(value) * 20 // 100))
        assert high - low >= width - 1e-3


@settings(max_examples=15, deadline=None)
@given(st.lists(TABLES, min_size=2, max_size=3))
def test_a_city_cannot_be_told_from_the_prefecture_and_its_other_cities(
    tables: list[dict[Cell, int]],
) -> None:
    cities = {str(number): cells_of(table) for number, table in enumerate(tables)}
    whole = {cell: sum(cells[cell] for cells in cities.values()) for cell in cells_of(tables[0])}
    files = {key: file_of(cells) for key, cells in cities.items()} | {"all": file_of(whole)}
    published = protect_all(files, "all")
    true = {"all": whole, **cities}
    back = {name(cell): cell for cell in whole}
    for one, (low, high) in intervals(published, "all").items():
        assert low - 1e-6 <= true[one.file][back[one.id]] <= high + 1e-6
        assert high - low >= 10 - 1e-6


def test_what_a_file_does_not_tell_already_stays_untold() -> None:
    cells = cells_of({(age, sex): 50 for age in AGES for sex in SEXES} | {("40-44", "F"): 3})
    once = protect(file_of(cells))
    assert protect(once) == once


def test_intervals_are_those_of_a_table_worked_out_by_hand() -> None:
    cells = cells_of(dict(zip(product(("0-4", "5-9"), SEXES), (3, 20, 30, 40), strict=True)))
    hidden = set(product(("0-4", "5-9"), SEXES))
    figures = [
        Figure(id=name(cell), unit="count", suppressed=True)
        if cell in hidden
        else count(name(cell), n)
        for cell, n in cells.items()
    ]
    found = intervals({"": measure_file("990001", DAY, figures)})
    # row 23 and 70, column 33 and 60: the first cell is 0 to 23, the last 37 to 60
    assert found[Variable("", name(("0-4", "M")), "value")] == pytest.approx((0, 23))
    assert found[Variable("", name(("5-9", "F")), "value")] == pytest.approx((37, 60))


def test_figures_that_contradict_each_other_are_refused() -> None:
    cells = cells_of(dict(zip(product(("0-4", "5-9"), SEXES), (3, 20, 30, 40), strict=True)))
    with pytest.raises(StatisticsError, match=r"^990001: foreign_insured"):
        protect(file_of({**cells, ("", ""): 1}))


def test_no_measure_has_a_dimension_that_names_a_person() -> None:
    names = {name for one in catalogue().values() for name in one.dimensions}
    assert not names & {"person_id", "household_id", "name", "birth_date", "address", "claim_id"}
