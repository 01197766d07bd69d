"""``kokuho collection`` on the example files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from kokuho.base.errors import KokuhoError
from kokuho.cli import app
from tests.collection.agent import Payment, bar_code, store_file
from tests.collection.bank import Bank

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "collection"
PAYABLES = ["--payables", str(EXAMPLES / "payables.csv"), "--insurer", "992011"]


def run(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["collection", *map(str, arguments)])
    if isinstance(done.exception, KokuhoError):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.stdout


def request(out: Path, *more: str, status: int = 0) -> Any:
    orders = EXAMPLES / "orders.csv"
    made_on = "令和8年11月25日"
    text = run(
        "debit-file", "--layout", "rehearsal_bank", "--orders", orders, "--day", "2026-12-28",
        "--made-on", made_on, "--out", out, "--json", *more, status=status,
    )  # fmt: skip
    return json.loads(text)


def test_debits_go_out_and_their_results_come_back(tmp_path: Path) -> None:
    sent = tmp_path / "request.txt"
    made = request(sent)
    assert (made["count"], made["total"], made["refused"]) == (4, 41_000, [])
    assert request(sent) == made  # the same again is the same file
    answer = tmp_path / "result.txt"
    answer.write_bytes(Bank(sent.read_bytes()).answer(lambda r: "1" if r.endswith("2") else "0"))
    arguments = [
        "debit-results", answer, "--layout", "rehearsal_bank", "--sent", sent, *PAYABLES,
        "--read-on", "2027-01-06", "--out", tmp_path / "out",
    ]  # fmt: skip
    found = json.loads(run(*arguments, "--json"))
    assert found["post"] == {"count": 3, "amount": 30_800}
    assert found["returned"] == {"count": 1, "amount": 10_200}
    returned = pl.read_csv(tmp_path / "out" / "returned.csv")
    assert returned.select("demand_id", "reason").rows() == [("D0002", "資金不足")]
    assert "振替不能(資金不足): 1 件" in run(*arguments)


def test_a_broken_answer_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    sent = tmp_path / "request.txt"
    request(sent)
    answer = tmp_path / "result.txt"
    answer.write_bytes(Bank(sent.read_bytes()).answer(lambda _r: "0").replace(b"41000", b"41001"))
    text = run(
        "debit-results", answer, "--layout", "rehearsal_bank", "--sent", sent, *PAYABLES,
        "--out", tmp_path / "out", "--json", status=1,
    )  # fmt: skip
    assert {problem["code"] for problem in json.loads(text)["problems"]} == {"total"}
    assert not (tmp_path / "out").exists()


def test_a_file_that_was_sent_is_not_overwritten(tmp_path: Path) -> None:
    sent = tmp_path / "request.txt"
    sent.write_bytes(b"another")
    with pytest.raises(KokuhoError):
        request(sent)
    assert sent.read_bytes() == b"another"


def test_orders_that_cannot_be_written_are_kept_beside_the_file(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    text = (EXAMPLES / "orders.csv").read_text(encoding="utf-8-sig")
    orders.write_text(text.replace("カクウ タロウ2", "架空 太郎"), encoding="utf-8")
    made = request(tmp_path / "request.txt", "--orders", str(orders), status=1)
    assert made["count"] == 3
    assert "架空 太郎" in made["refused"][0]
    assert (tmp_path / "request.errors.csv").exists()


def test_receipts_are_matched_once_and_broken_files_named(tmp_path: Path) -> None:
    def code(number: int, amount: int) -> str:
        return bar_code(50 + number, 1000 + number, "261228", amount)

    good, bad = tmp_path / "store.txt", tmp_path / "bad.txt"
    content = store_file([Payment(code(5, 10_500)), Payment(code(6, 9_000))])
    good.write_bytes(content)
    bad.write_bytes(content[:-10])
    arguments = [
        "--layout",
        "rehearsal_store_receipts",
        *PAYABLES,
        "--read-on",
        "2026-12-02",
        "--json",
    ]
    first = json.loads(run("receipts", good, bad, *arguments, "--out", tmp_path / "1", status=1))
    assert first["post"] == {"count": 1, "amount": 10_500}
    assert first["suspense"] == {"count": 1, "amount": 9_000}
    assert [(p["file"], p["record"]) for p in first["problems"]] == [("bad.txt", 4)]
    alone = json.loads(run("receipts", bad, *arguments, "--out", tmp_path / "0", status=1))
    assert list(alone) == ["problems"]
    assert not (tmp_path / "0").exists()
    seen = ["--seen", tmp_path / "1" / "lines.csv"]
    again = json.loads(run("receipts", good, *arguments, "--out", tmp_path / "2", *seen))
    assert [one["outcome"] for one in again["outcomes"]] == ["again"]
    with pytest.raises(KokuhoError):  # the record of a run is never replaced by another
        run("receipts", good, *arguments, "--out", tmp_path / "1", *seen)
    wrong = ["--seen", tmp_path / "1" / "post.csv"]
    with pytest.raises(KokuhoError):
        run("receipts", good, *arguments, "--out", tmp_path / "3", *wrong)


def test_slips_have_pictures_or_the_reason_why_not(tmp_path: Path) -> None:
    arguments = ["slip", "--payables", EXAMPLES / "payables.csv", "--issued-on", "2026-11-25"]
    text = run(
        *arguments, "--layout", "rehearsal_barcode", "--layout", "rehearsal_qr",
        "--id", "1001", "--format", "png", "--out", tmp_path, "--json",
    )  # fmt: skip
    [made] = json.loads(text)
    assert made["codes"]["barcode"] == bar_code(51, 1001, "261228", 10_100)
    assert (tmp_path / made["pictures"]["qr"]).read_bytes().startswith(b"\x89PNG")
    bare = run(*arguments, "--out", tmp_path / "bare")
    assert "事業者のレイアウトが渡されていません" in bare
    assert list((tmp_path / "bare").iterdir()) == [tmp_path / "bare" / "slips.json"]
    with pytest.raises(KokuhoError):
        run(*arguments, "--out", tmp_path, "--id", "9999")


def test_layouts_are_listed_shown_and_checked(tmp_path: Path) -> None:
    listed = json.loads(run("layout", "list", "--json"))
    assert {one["standing"] for one in listed} == {"public", "assumed"}
    assert "81-90" in run("layout", "show", "zengin_direct_debit")
    assert json.loads(run("layout", "show", "store_barcode", "--json"))["length"] == 44
    run("layout", "check", "rehearsal_barcode")
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad", encoding="utf-8")
    found = json.loads(run("layout", "check", "store_barcode", bad, "--json", status=1))
    assert {Path(one["file"]).name for one in found["findings"]} == {"store_barcode", "bad.yaml"}
    assert "records" in json.loads(run("layout", "schema"))["properties"]
