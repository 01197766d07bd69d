"""``kokuho collection`` on the register, as clerks type it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kokuho.cli import app
from kokuho.office.collection.accounts import on_day
from kokuho.office.tenancy import seeing
from tests.collection.agent import store_file
from tests.collection.bank import Bank
from tests.office.collection.test_round_trip import counter
from tests.office.collection.town import (
    DUE,
    account,
    amount,
    demand_number,
    house,
    in_suspense,
    open_town,
    owed,
)
from tests.office.conftest import INSURER, Store

HEADER = (
    "insurer_code,household_id,bank_code,bank_name,branch_code,account_type,account_number,"
    "holder,first_on,last_on,asked_on"
)


@pytest.fixture(autouse=True)
def _here(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_DATABASE", store.url)


def run(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["collection", *words])
    assert done.exit_code == status, done.output
    return done.output


def table(path: Path, *numbers: int, **changed: str) -> Path:
    rows = [HEADER]
    for number in numbers:
        one = account(number) | {"asked_on": "2026-06-20", "first_on": "2026-07-01"} | changed
        rows.append(
            ",".join((INSURER, house(number), one["bank_code"], one["bank_name"],
                      one["branch_code"], one["account_type"], one["account_number"],
                      one["holder"], one["first_on"], one.get("last_on", ""), one["asked_on"]))
        )  # fmt: skip
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def accounts() -> list[str]:
    with seeing([INSURER]):
        return sorted(on_day(INSURER, DUE))


def test_a_month_of_collection_from_accounts_to_measures(tmp_path: Path) -> None:
    open_town(4, debited=0)
    run("accounts", str(table(tmp_path / "accounts.csv", 1, 2, 3)))
    assert "うち新しい記録 0 件" in run("accounts", str(tmp_path / "accounts.csv"))
    run("account-end", "--insurer", INSURER, "--household", house(3), "--on", "2026-07-15")
    out = tmp_path / "request.txt"
    office = ("--insurer", INSURER, "--layout", "rehearsal_bank")
    ask = ("send", *office, "--due", "2026-07-31", "--made-on", "2026-07-20", "--out", str(out))
    run(*ask)
    run(*ask)  # the same bytes again
    answer = tmp_path / "answer.txt"
    answer.write_bytes(Bank(out.read_bytes()).answer(lambda reference: reference[-1:] and "0"))
    told = run("take", str(answer), *office, "--on", "2026-08-05")
    assert "件数と金額は台帳と一致しています" in told
    assert (owed()[house(1)], owed()[house(3)]) == (0, amount(3))
    slips = ("--insurer", INSURER, "--key", "当初", "--on", "2026-07-16")
    run("issue", *slips, "--due", "2026-07-31", "--layout", "rehearsal_barcode", "--out",
        str(tmp_path / "slips"))  # fmt: skip
    [third, fourth] = json.loads((tmp_path / "slips" / "slips.json").read_text())
    demand = run("scan", third["codes"]["barcode"], "--insurer", INSURER, "--layout",
                 "rehearsal_barcode")  # fmt: skip
    assert demand.strip() == demand_number(3)
    assert (tmp_path / "slips" / fourth["pictures"]["barcode"]).is_file()
    store = tmp_path / "store.txt"
    store.write_bytes(store_file([counter(3), counter(4, 500)]))
    run("take", str(store), "--insurer", INSURER, "--layout", "rehearsal_store_receipts", "--on",
        "2026-08-06", status=1)  # fmt: skip
    [held] = json.loads(run("suspense", "--insurer", INSURER, "--json"))["held"]
    assert (held["why"], held["amount"]) == ("partial", 500)
    run("release", str(held["number"]), "--insurer", INSURER, "--demand", held["demand_id"],
        "--reason", "本人に確認", "--on", "2026-08-07")  # fmt: skip
    run("return", str(held["number"]), "--insurer", INSURER, "--reason", "誤り", status=1)
    assert (owed()[house(4)], in_suspense()) == (amount(4) - 500, 0)
    run("offer", "--insurer", INSURER, "--household", house(4), "--answer", "taken", "--on",
        "2026-08-07")  # fmt: skip
    file = tmp_path / "measures.json"
    run("measures", "--insurer", INSURER, "--fiscal-year", "2026", "--on", "2026-08-31", "--out",
        str(file))  # fmt: skip
    shares = {one["id"]: one["value"] for one in json.loads(file.read_text())["measures"]}
    assert shares["direct_debit_share"] == "50.00"
    kinds = [
        one["kind"] for one in json.loads(run("files", "--insurer", INSURER, "--json"))["files"]
    ]
    assert kinds == ["debits", "results", "receipts"]
    assert "0 件" in run("cancel", "--insurer", INSURER)


def test_bad_rows_of_accounts_are_named_and_hold_the_table_back(tmp_path: Path) -> None:
    open_town(2, debited=0)
    path = table(tmp_path / "accounts.csv", 1, 9)
    assert "世帯番号" in run("accounts", str(path), status=1)
    assert accounts() == []
    run("accounts", str(path), "--good-rows", status=1)
    assert accounts() == [house(1)]
    run("accounts", str(table(path, 1, bank_code="12345")), status=1)
    run("accounts", str(table(path, 1, last_on="2026-06-01")), status=1)


def test_a_broken_file_is_named_with_record_and_byte(tmp_path: Path) -> None:
    open_town(1, debited=1)
    path = tmp_path / "store.txt"
    path.write_bytes(b"x" * 50)
    told = run("take", str(path), "--insurer", INSURER, "--layout", "rehearsal_store_receipts",
               status=1)  # fmt: skip
    assert "store.txt" in told


def test_a_final_payment_that_is_cancelled_is_settled_by_a_command(tmp_path: Path) -> None:
    open_town(2, debited=2)
    office = ("--insurer", INSURER, "--layout", "rehearsal_bank")
    run("send", *office, "--due", "2026-07-31", "--made-on", "2026-07-20", "--out",
        str(tmp_path / "request.txt"))  # fmt: skip
    path = tmp_path / "store.txt"
    take = ("take", str(path), "--insurer", INSURER, "--layout", "rehearsal_store_receipts",
            "--on", "2026-08-06")  # fmt: skip
    path.write_bytes(store_file([counter(1)]))
    run(*take)
    path.write_bytes(store_file([counter(1, stage="03")], sequence=2))
    assert "kokuho collection cancelled" in run(*take, status=1)
    [one] = json.loads(run("cancelled", "--insurer", INSURER, "--json"))["cancelled"]
    assert (one["amount"], one["demand_id"]) == (amount(1), demand_number(1))
    settle = ("settle", str(one["number"]), "--insurer", INSURER, "--reason", "入金なし", "--on",
              "2026-08-07")  # fmt: skip
    run(*settle, "--as", "reverse")
    assert owed()[house(1)] == amount(1)
    run(*settle, "--as", "keep", status=1)
    assert "0 件" in run("cancelled", "--insurer", INSURER)
