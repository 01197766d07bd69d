"""Amounts under which all totals of a sheet hold, and what proves them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kokuho.plan.balance import Matrix, balance, pieces
from kokuho.plan.explain import Table, explanations
from kokuho.plan.printed import Cell, Line


def table(transfers: list[int], advances: list[int]) -> list[list[int]]:
    """Three rows with their totals, as a form without a mistake has them."""
    rows = [transfers, advances, [one + two for one, two in zip(transfers, advances, strict=True)]]
    return [[*row, sum(row)] for row in rows]


def holds(matrix: Matrix) -> bool:
    known = [[0 if amount is None else amount for amount in row] for row in matrix]
    sums = all(sum(row[:-1]) == row[-1] for row in known)
    return sums and all(one + two == both for one, two, both in zip(*known, strict=True))


amounts = st.lists(st.integers(0, 500_000), min_size=2, max_size=6)
sheets = amounts.flatmap(
    lambda first: st.tuples(
        st.just(first),
        st.lists(st.integers(0, 500_000), min_size=len(first), max_size=len(first)),
    )
).map(lambda rows: table(*rows))


@given(sheets, st.data())
def test_one_misread_cell_is_found_and_its_amount_too(
    right: list[list[int]], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(0, len(right[0]) - 1))
    wrong = [list(line) for line in right]
    wrong[row][place] += data.draw(st.integers(1, 900_000))
    found = balance(tuple(map(tuple, wrong)), 1)
    assert [one.amounts for one in found] == [tuple(map(tuple, right))]
    assert [one.wrong for one in found] == [frozenset({(row, place)})]


@given(
    st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=3, max_size=3),
    st.integers(0, 3),
)
def test_whatever_is_put_right_obeys_all_totals(printed: list[list[int]], most: int) -> None:
    for one in balance(tuple(map(tuple, printed)), most):
        assert len(one.wrong) <= most
        assert all(amount is None or amount >= 0 for row in one.amounts for amount in row)
        if all(amount is not None for row in one.amounts for amount in row):
            assert holds(one.amounts)


def test_a_lost_cell_follows_from_its_row_and_its_column() -> None:
    ((found),) = balance(((None, 20, 30), (0, 0, 0), (10, 20, 30)), 0)
    assert found.amounts == ((10, 20, 30), (0, 0, 0), (10, 20, 30))


def test_lost_cells_on_a_circle_stay_open() -> None:
    ((found),) = balance(((None, None, 30), (None, None, 0), (10, 20, 30)), 0)
    assert found.amounts[0][:2] == (None, None)


def test_two_rows_that_each_add_up_are_confirmed_by_two_totals() -> None:
    whole_row_lost = [(1, place) for place in range(3)]
    assert len(set(pieces(whole_row_lost, 3, 3))) - 1 == 2
    assert len(set(pieces([*whole_row_lost, (0, 0)], 3, 3))) - 1 == 1


def lines(*rows: list[int | None]) -> tuple[Line, ...]:
    return tuple(
        Line(
            "",
            slot,
            tuple(Cell() if amount is None else Cell(str(amount), amount) for amount in row),
        )
        for slot, row in enumerate(rows, start=1)
    )


def test_a_doubled_column_is_one_event() -> None:
    rows = [[10, 20, 20, 30], [0, 0, 0, 0], [10, 20, 20, 30]]
    best = explanations(Table(3, lines(*rows)))[0]
    assert best.amounts == ((10, 20, 30), (0, 0, 0), (10, 20, 30))
    assert (best.events, best.proved) == (1, True)


def test_rows_in_another_order_are_known_by_their_labels() -> None:
    both, transfers, advances = lines([10, 20, 30], [8, 20, 28], [2, 0, 2])
    printed = (
        Line("合計", 3, both.cells),
        Line("法定外繰入", 1, transfers.cells),
        Line("繰上充用", 2, advances.cells),
    )
    best = explanations(Table(3, printed))[0]
    assert (best.events, best.amounts[2]) == (0, (10, 20, 30))


def test_two_lost_rows_prove_nothing() -> None:
    assert explanations(Table(3, lines([10, 20, 30]))) == []


def test_rows_printed_one_line_low_are_known_by_the_deficit_that_is_nothing() -> None:
    shifted = (
        Line("繰上充用", 2, lines([10, 20, 30])[0].cells),
        Line("合計", 3, lines([10, 20, 30])[0].cells),
    )
    best = explanations(Table(3, shifted, frozenset({1})))[0]
    assert best.amounts == ((10, 20, 30), (0, 0, 0), (10, 20, 30))
    literal = explanations(Table(3, shifted))[0]
    assert literal.amounts == ((0, 0, 0), (10, 20, 30), (10, 20, 30))


def test_a_misread_with_a_lost_row_is_not_called_proved() -> None:
    found = explanations(Table(3, lines([10, 21, 30], [], [10, 20, 30])))
    assert not found[0].proved
