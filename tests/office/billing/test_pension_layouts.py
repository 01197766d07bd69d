"""The files of the exchange on pensions by an operator's layouts; all layouts here are made up."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from kokuho.base.errors import CollectionError, TableError
from kokuho.cli import app
from kokuho.collection import BrokenFileError
from kokuho.office.billing.pension_file import take
from kokuho.office.billing.pensions import PensionNotice
from kokuho.office.tenancy import seeing
from tests.office.billing.test_runs import PENSIONER
from tests.office.billing.town import assess, bill, billed, declare, telling
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

HEAD = """\
version: "1"
standing: assumed
sources: [{text: "試験のために作った架空の定義"}]
characters: " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""

FIXED = HEAD + """\
id: fixed_pensions
title: 架空の固定長(試験用)
kind: pensions
length: 60
line_ends: [crlf]
records:
  - name: header
    title: 見出し
    fields:
      - {name: record_class, title: 区分, offset: 1, length: 1, type: digits, constant: "1"}
      - {name: insurer_code, title: 保険者, offset: 2, length: 6, type: digits}
      - {name: fiscal_year, title: 年度, offset: 8, length: 4, type: digits}
      - {name: filler, title: 予備, offset: 12, length: 49, type: blank}
  - name: data
    title: データ
    repeats: true
    fields:
      - {name: record_class, title: 区分, offset: 1, length: 1, type: digits, constant: "2"}
      - {name: person_id, title: 宛名番号, offset: 2, length: 10, type: digits}
      - {name: pension, title: 年額, offset: 12, length: 9, type: text}
      - {name: payment, title: 1回の額, offset: 21, length: 9, type: text}
      - {name: care_from_pension, title: 介護, offset: 30, length: 1, type: text, codes: {"1": "yes", "2": "no", "": ""}}
      - {name: care, title: 介護の額, offset: 31, length: 6, type: digits}
      - {name: april, title: 4月, offset: 37, length: 6, type: digits}
      - {name: june, title: 6月, offset: 43, length: 6, type: digits}
      - {name: august, title: 8月, offset: 49, length: 6, type: digits}
      - {name: filler, title: 予備, offset: 55, length: 6, type: blank}
  - name: trailer
    title: 終わり
    fields:
      - {name: record_class, title: 区分, offset: 1, length: 1, type: digits, constant: "8"}
      - {name: count, title: 件数, offset: 2, length: 6, type: digits}
      - {name: filler, title: 予備, offset: 8, length: 53, type: blank}
totals:
  - {field: count, of: data}
"""  # fmt: skip  # noqa: E501

COMMAS = HEAD + """\
id: comma_pensions
title: 架空のカンマ区切り(試験用)
kind: pensions
length: 200
delimiter: ","
titles: [番号, 年金額, 支払額, 介護, 介護額]
line_ends: [lf]
records:
  - name: data
    title: データ
    repeats: true
    fields:
      - {name: person_id, title: 番号, offset: 1, length: 10, type: digits}
      - {name: pension, title: 年金額, offset: 2, length: 9, type: text}
      - {name: payment, title: 支払額, offset: 3, length: 9, type: text}
      - {name: care_from_pension, title: 介護, offset: 4, length: 1, type: text, codes: {"1": "yes", "2": "no", "": ""}}
      - {name: care, title: 介護額, offset: 5, length: 6, type: text}
"""  # fmt: skip  # noqa: E501

REQUESTS = (
    HEAD
    + """\
id: fixed_requests
title: 架空の依頼(試験用)
kind: pension_requests
length: 40
line_ends: [crlf]
records:
  - name: header
    title: 見出し
    fields:
      - {name: record_class, title: 区分, offset: 1, length: 1, type: digits, constant: "1"}
      - {name: insurer_code, title: 保険者, offset: 2, length: 6, type: digits}
      - {name: made_on, title: 作成日, offset: 8, length: 8, type: yyyymmdd}
      - {name: filler, title: 予備, offset: 16, length: 25, type: blank}
  - name: data
    title: データ
    repeats: true
    fields:
      - {name: record_class, title: 区分, offset: 1, length: 1, type: digits, constant: "2"}
      - {name: person_id, title: 宛名番号, offset: 2, length: 10, type: digits}
      - {name: october, title: 10月, offset: 12, length: 8, type: digits}
      - {name: december, title: 12月, offset: 20, length: 8, type: digits}
      - {name: february, title: 2月, offset: 28, length: 8, type: digits}
      - {name: filler, title: 予備, offset: 36, length: 5, type: blank}
"""
)


@pytest.fixture(autouse=True)
def _town(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    add_insurer()
    with telling() as t:
        for number in (1, 2):
            t.family(f"h{number}", f"000000000{number}", born=PENSIONER)
            declare(t, f"000000000{number}", 2026)


def written(tmp_path: Path, text: str, name: str = "layout.yaml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def fixed(*rows: str, count: int | None = None) -> bytes:
    lines = [
        f"1{INSURER}2026".ljust(60),
        *(row.ljust(60) for row in rows),
        f"8{len(rows) if count is None else count:06}".ljust(60),
    ]
    return "".join(line + "\r\n" for line in lines).encode("ascii")


def row(person: int, pension: str = "2000000", spring: int = 2_000) -> str:
    payment, care = "300000".ljust(9), f"{10_000:06}"
    return f"2{person:010}{pension:<9}{payment}1{care}" + f"{spring:06}" * 3


def kept() -> list[tuple[object, ...]]:
    with seeing([INSURER]):
        rows = PensionNotice.objects.known().order_by("resident__address_number")
        return list(
            rows.values_list("fiscal_year", "pension", "payment", "care_from_pension", "care",
                             "april")
        )  # fmt: skip


def test_a_file_of_fixed_length_is_taken_by_its_layout(tmp_path: Path) -> None:
    path = tmp_path / "pensions.dat"
    path.write_bytes(fixed(row(1), row(2, pension="")))
    done = take(path, actor="試験", layout=written(tmp_path, FIXED))
    assert (done.recorded, done.unknown, list(done.refused)) == (2, 1, [])
    assert kept() == [
        (2026, 2_000_000, 300_000, True, 10_000, 2_000),
        (2026, None, 300_000, True, 10_000, 2_000),
    ]


def test_a_file_with_commas_is_taken_with_what_the_command_says_of_all_rows(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pensions.txt"
    path.write_text(
        "番号,年金額,支払額,介護,介護額\n0000000001,2000000,300000,2,\n", encoding="cp932"
    )
    words = ["bill", "pensions", str(path), "--layout", written(tmp_path, COMMAS)]
    lacking = CliRunner().invoke(app, words)
    assert isinstance(lacking.exception, TableError)
    assert "insurer_code" in str(lacking.exception)
    done = CliRunner().invoke(app, [*words, "--insurer", INSURER, "--fiscal-year", "2026"])
    assert done.exit_code == 0, done.output
    assert kept() == [(2026, 2_000_000, 300_000, False, None, 0)]


def test_strangers_and_bad_figures_are_refused_by_their_record(tmp_path: Path) -> None:
    path = tmp_path / "pensions.dat"
    path.write_bytes(fixed(row(1, pension="20000Z"), row(7), row(2)))
    layout = written(tmp_path, FIXED)
    done = take(path, actor="試験", layout=layout)
    assert [(one.line, one.code) for one in done.refused] == [
        (2, "not_a_number"), (3, "unknown_person"),
    ]  # fmt: skip
    assert done.errors == tmp_path / "pensions.errors.csv"
    assert kept() == []
    assert take(path, actor="試験", layout=layout, good_rows=True).recorded == 1


def test_a_file_that_is_not_as_its_layout_says_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "pensions.dat"
    path.write_bytes(fixed(row(1), count=2))
    with pytest.raises(BrokenFileError, match=r"pensions\.dat"):
        take(path, actor="試験", layout=written(tmp_path, FIXED))
    with pytest.raises(CollectionError, match="rehearsal_bank"):
        take(path, actor="試験", layout="rehearsal_bank")
    open_slot = FIXED.replace("type: blank}", "type: slot}", 1)
    with pytest.raises(CollectionError, match="予備"):
        take(path, actor="試験", layout=written(tmp_path, open_slot))


def test_what_pensions_are_asked_to_pay_goes_out_by_its_layout_or_as_a_table_of_ours(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pensions.dat"
    path.write_bytes(fixed(row(1)))
    take(path, actor="試験", layout=written(tmp_path, FIXED))
    assess()
    bill()
    words = ["bill", "pension-requests", "--insurer", INSURER, "--fiscal-year", "2026"]
    table = tmp_path / "requests.csv"
    done = CliRunner().invoke(app, [*words, "--out", str(table)])
    assert done.exit_code == 0, done.output
    assert "参考様式" in done.stdout
    [found] = pl.read_csv(table, infer_schema=False).rows(named=True)
    amounts = [amount for _channel, _term, amount, _due in billed("h1")]
    assert [int(value) for value in list(found.values())[4:]] == amounts
    out = tmp_path / "requests.dat"
    layout = written(tmp_path, REQUESTS, "requests.yaml")
    done = CliRunner().invoke(
        app, [*words, "--out", str(out), "--layout", layout, "--on", "2026-07-20"]
    )
    assert done.exit_code == 0, done.output
    assert "参考様式" not in done.stdout
    head, data, end = out.read_bytes().decode("ascii").split("\r\n")
    assert head == f"1{INSURER}20260720".ljust(40)
    assert data == ("20000000001" + "".join(f"{yen:08}" for yen in amounts[3:])).ljust(40)
    assert end == ""
