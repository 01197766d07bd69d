"""``check_table``: the ministry's two tables, and every form that a file may have."""

from __future__ import annotations

from pathlib import Path

import pytest

from kokuho.plan import check_table, consistency
from kokuho.plan.table_cells import read_cells

MINISTRY = Path(__file__).parents[2] / "examples" / "ministry"
HEADER = "table,row,column,kind,printed,decimals,numerator,denominator,factor"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def told(path: Path) -> list[tuple[str, str, object]]:
    return [(one.code, one.place, one.expected) for one in check_table(path)]


def test_one_cell_of_the_ministry_s_tables_cannot_follow() -> None:
    # 厚生労働省 説明会資料 国民健康保険における外国人被保険者データ
    found = [
        (one.code, one.place, one.printed, one.expected)
        for name in ("insured.csv", "claims.csv")
        for one in check_table(MINISTRY / name)
        if one.severity != "note"
    ]
    assert found == [
        ("ratio-impossible", "被保険者数の推移/令和5/占める割合(%)", "4.0", "4.06 to 4.10")
    ]


def test_all_their_ratios_with_two_printed_counts_are_tested() -> None:
    counts = [
        consistency.tested(read_cells(MINISTRY / name).cells)
        for name in ("insured.csv", "claims.csv")
    ]
    # ten years with three ratios each, the first year's two changes without an earlier year
    assert counts == [28, 4]


def test_a_break_of_source_or_date_is_a_note() -> None:
    found = check_table(MINISTRY / "insured.csv")
    breaks = [(one.place, one.printed) for one in found if one.code == "series-break"]
    change = "被保険者数の推移/平成29/被保険者数の対前年度比(%)"
    assert (change, "source: 国保実態調査 / 国保事業年報") in breaks
    assert {one.severity for one in found if one.code == "series-break"} == {"note"}


SHARE = ("t,R5,all,count,2378,0,,,", "t,R5,foreign,count,97,0,,,")


@pytest.mark.parametrize("factor", ["100", "", "100.0", "１００"])
def test_a_percent_is_a_hundred_times_its_ratio(file: Path, factor: str) -> None:
    rows = [*SHARE, f"t,R5,share,percent,4.0,1,foreign,all,{factor}"]
    assert told(write(file, *rows)) == [("ratio-impossible", "t/R5/share", "4.06 to 4.10")]
    rows = [*SHARE, f"t,R5,share,percent,4.1,1,foreign,all,{factor}"]
    assert told(write(file, *rows)) == []


@pytest.mark.parametrize(
    ("numerator", "denominator"),
    [
        ("foreign", "all"),
        ("R5/foreign", "R5/all"),
        ("t/R5/foreign", "t/R5/all"),
        ("R5:foreign", "R5|all"),
        (" ｆｏｒｅｉｇｎ ", "all"),
    ],
)
def test_cells_are_named_by_column_row_and_table(
    file: Path, numerator: str, denominator: str
) -> None:
    rows = [*SHARE, f"t,R5,share,percent,4.0,1,{numerator},{denominator},"]
    assert [code for code, *_rest in told(write(file, *rows))] == ["ratio-impossible"]


def test_a_change_from_the_year_before_names_the_row_of_that_year(file: Path) -> None:
    rows = ["t,R4,all,count,2508,0,,,", "t,R5,all,count,2378,0,,,"]
    rows += ["t,R5,change,percent,94.8,1,all,R4/all,", "t,R4,change,percent,96.5,1,,,"]
    assert told(write(file, *rows)) == [("not-testable", "t/R4/change", None)]


@pytest.mark.parametrize("unit", ["t,all,n,count,36005,0,,,10000", "t,all,n,count,36005,0,,,"])
def test_a_unit_is_the_factor_of_a_count_or_of_the_ratio(file: Path, unit: str) -> None:
    # 36,005 万件 of which 6,233,726 件: 1.73 %
    factor = "" if unit.endswith("10000") else "0.01"
    rows = [unit, "t,foreign,n,count,6233726,0,,,"]
    assert told(write(file, *rows, f"t,share,n,percent,1.73,2,foreign,all,{factor}")) == []
    wrong = told(write(file, *rows, f"t,share,n,percent,1.74,2,foreign,all,{factor}"))
    assert wrong == [("ratio-impossible", "t/share/n", "1.731")]


@pytest.mark.parametrize("parts", ["men+women", "men;women", '"men,women"', "men、women"])
def test_a_total_is_the_sum_of_the_cells_that_it_names(file: Path, parts: str) -> None:
    rows = ["t,men,n,count,3,0,,,", "t,women,n,count,4,0,,,"]
    assert told(write(file, *rows, f"t,all,n,total,7,0,{parts},,")) == []
    # 3.4 and 4.4 are printed 3 and 4, their sum 8
    assert told(write(file, *rows, f"t,all,n,total,8,0,{parts},,")) == []
    assert told(write(file, *rows, f"t,all,n,total,9,0,{parts},,")) == [
        ("total-impossible", "t/all/n", "6 to 8")
    ]


def test_what_was_not_rounded_is_said_to_be_exact(file: Path) -> None:
    rows = ["t,men,n,count,3,exact,,,", "t,women,n,count,4,exact,,,"]
    assert told(write(file, *rows, "t,all,n,total,8,exact,men+women,,")) == [
        ("total-impossible", "t/all/n", "7")
    ]
    share = [*rows, "t,all,n,total,7,exact,men+women,,", "t,share,n,percent,42.8,1,men,all,"]
    assert told(write(file, *share)) == [("ratio-impossible", "t/share/n", "42.86")]


def test_a_total_may_have_another_unit_than_its_parts(file: Path) -> None:
    rows = ["t,men,n,count,31400,0,,,", "t,women,n,count,42000,0,,,"]
    assert told(write(file, *rows, "t,all,n,total,7.3,1,men+women,,0.0001")) == []
    assert told(write(file, *rows, "t,all,n,total,7.4,1,men+women,,0.0001")) == [
        ("total-impossible", "t/all/n", "7.3")
    ]


def test_numbers_rounded_to_thousands_have_decimals_below_nothing(file: Path) -> None:
    rows = ["t,men,n,count,3000,-3,,,", "t,women,n,count,4000,-3,,,"]
    assert told(write(file, *rows, "t,all,n,total,8000,-3,men+women,,")) == []
    assert [code for code, *_rest in told(write(file, *rows, "t,all,n,total,9000,-3,men+women,,"))]


def test_a_lost_final_nought_is_given_back_by_the_decimals(file: Path) -> None:
    rows = [*SHARE, "t,R5,share,percent,4,1,foreign,all,"]
    assert [code for code, *_rest in told(write(file, *rows))] == ["ratio-impossible"]
    rows = [*SHARE, "t,R5,share,percent,4,0,foreign,all,"]
    assert told(write(file, *rows)) == []


@pytest.mark.parametrize("sign", ["", "-", "－", "…", "x", "*"])
def test_what_is_not_printed_is_not_tested(file: Path, sign: str) -> None:
    rows = ["t,R5,all,count,2378,0,,,", f"t,R5,foreign,count,{sign},0,,,"]
    rows += ["t,R5,share,percent,4.0,1,foreign,all,"]
    assert told(write(file, *rows)) == [("not-testable", "t/R5/share", None)]


def test_a_share_of_nothing_is_not_tested(file: Path) -> None:
    rows = ["t,R5,all,count,0,0,,,", "t,R5,foreign,count,0,0,,,"]
    rows += ["t,R5,share,percent,0.0,1,foreign,all,"]
    assert [code for code, *_rest in told(write(file, *rows))] == ["not-testable"]


def test_brackets_percent_signs_and_separators_are_no_part_of_a_number(file: Path) -> None:
    rows = ['t,R5,all,count,"２，３７８",0,,,', "t,R5,foreign,count,97,0,,,"]
    rows += ["t,R5,share,percent,〔4.1％〕,1,foreign,all,"]
    assert told(write(file, *rows)) == []
    assert consistency.tested(read_cells(file).cells) == 1


BAD = [
    ("t,R5,x,percent,4.0,1,nobody,all,", "there is no cell nobody"),
    ("t,R5,x,percent,4.0,1,foreign+nobody,all,", "there is no cell nobody"),
    ("t,R5,x,count,12万人,0,,,", "printed '12万人'"),
    ("t,R5,x,count,4.05,1,,,", "more places"),
    ("t,R5,x,count,4,many,,,", "decimals 'many'"),
    ("t,R5,x,count,4,1,,,0", "factor '0'"),
    ("t,R5,x,count,4,1,foreign,,", "a count is of no other cells"),
    ("t,R5,x,total,4,1,foreign,all,", "a total has no denominator"),
    ("t,R5,all,count,4,1,,,", "stands twice"),
    ("t,R5,x,ratio,4,1,,,", "ratio"),
    ("t,R5,x,count,4,1,,", "more or fewer cells"),
]


@pytest.mark.parametrize(("row", "reason"), BAD, ids=[reason for _row, reason in BAD])
def test_a_row_that_cannot_be_used_is_refused_and_the_others_are_tested(
    file: Path, row: str, reason: str
) -> None:
    table = read_cells(write(file, *SHARE, row, "t,R5,share,percent,4.0,1,foreign,all,"))
    (refused,) = table.refused
    assert refused.startswith("table.csv, line 4")
    assert reason in refused
    assert [one.code for one in consistency.check_cells(table.cells)] == ["ratio-impossible"]


def test_a_ratio_of_a_refused_cell_is_not_tested(file: Path) -> None:
    rows = ["t,R5,all,count,2378万人,0,,,", *SHARE[1:], "t,R5,share,percent,4.0,1,foreign,all,"]
    table = read_cells(write(file, *rows))
    assert len(table.refused) == 1
    assert [one.code for one in consistency.check_cells(table.cells)] == ["not-testable"]


def test_a_name_that_is_a_row_and_a_column_must_be_written_out(file: Path) -> None:
    rows = ["t,a,b,count,1,0,,,", "t,b,a,count,2,0,,,", "t,a,a,percent,50,0,b,b/a,"]
    table = read_cells(write(file, *rows))
    assert "b is a row and a column" in table.refused[0]


def test_japanese_headers_and_kinds_are_understood(file: Path) -> None:
    rows = [
        "表1,R5,全体,実数,2378,,,,",
        "表1,R5,外国人,件数,97,,,,",
        "表1,R5,率,割合,4.0,1,外国人,全体,",
    ]
    made = write(file, *rows, header="表,行,列,種類,印刷値,小数桁,分子,分母,倍率")
    assert [code for code, *_rest in told(made)] == ["ratio-impossible"]


def test_source_and_date_may_be_left_out(file: Path) -> None:
    header = "table,row,column,kind,printed,numerator,denominator"
    rows = ["t,R5,all,count,2378,,", "t,R5,foreign,count,97,,"]
    made = write(file, *rows, "t,R5,share,percent,4.0,foreign,all", header=header)
    assert [code for code, *_rest in told(made)] == ["ratio-impossible"]
