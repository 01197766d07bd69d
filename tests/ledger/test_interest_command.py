"""``kokuho interest``, and the catalogue of the room."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kokuho.base.errors import KokuhoError
from kokuho.base.messages import LOCALE_DIR
from kokuho.cli import app

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((Path(__file__).parent / "data" / "interest.json").read_text(encoding="utf-8"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["interest", *arguments])


def options(case: dict[str, Any]) -> list[str]:
    given = {"--principal": case["principal"], "--due": case["due"], "--paid": case["paid"]}
    given["--first-band-months"] = case["first_band_months"]
    return [str(word) for pair in given.items() for word in pair]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_printed_example_gives_its_total_as_json(case: dict[str, Any]) -> None:
    answer = json.loads(run(*options(case), "--json").stdout)
    assert answer["total"] == case["expected"]
    assert answer["sum"] == case["printed"]["sum"]
    assert [step["days"] for step in answer["steps"]] == case["printed"]["days"]
    rates = [
        word
        for year, rate in case["rates_by_year"].items()
        for word in ("--rate", f"{year}={rate['first']},{rate['after']}")
    ]
    assert json.loads(run(*options(case), *rates, "--json").stdout) == answer


def test_the_text_shows_each_step_and_where_it_is_written() -> None:
    done = run("--principal", "65000", "--due", "令和3年5月31日", "--paid", "2022-01-31")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert (
        "  令和3年7月1日から令和3年12月31日まで 184日: "
        "65,000円 × 8.80% × 184 ÷ 365 → 2,883円" in lines
    )
    assert "延滞金: 3,400円" in lines
    assert any("地方税法20条の4の2" in line for line in lines)


def test_the_example_of_the_clerks_guide_is_what_the_command_prints() -> None:
    guide = (ROOT / "docs" / "ja" / "ledger.md").read_text(encoding="utf-8")
    blocks = [block.strip() for block in guide.split("```")[1::2]]
    place = next(n for n, block in enumerate(blocks) if block.startswith("kokuho interest"))
    command, printed = blocks[place], blocks[place + 1]
    done = run(*command.split()[2:])
    assert done.stdout.startswith(printed)


@pytest.mark.parametrize(
    ("principal", "paid", "says"),
    [("1999", "2022-01-31", "2,000 円未満"), ("65000", "2021-05-31", "納期限までに納付")],
)
def test_no_interest_is_explained_too(principal: str, paid: str, says: str) -> None:
    done = run("--principal", principal, "--due", "2021-05-31", "--paid", paid)
    assert done.exit_code == 0
    assert says in done.stdout
    assert "延滞金: 0円" in done.stdout


def test_interest_may_count_from_a_named_day() -> None:
    done = run(
        *("--principal", "100000", "--due", "2024-06-30", "--paid", "2024-09-30"),
        *("--from", "2024-08-01", "--first-band-months", "0", "--json"),
    )
    assert [step["days"] for step in json.loads(done.stdout)["steps"]] == [61]


REFUND = ("--refund", "assessment", "--principal", "400000", "--until", "令和7年3月1日")


def test_interest_on_a_refund_is_shown_step_by_step() -> None:
    # worked by hand in test_overpayments: 156 days of 2024 and 60 of 2025 at 0.9 %
    answer = json.loads(run(*REFUND, "--paid", "2024-07-28", "--json").stdout)
    assert [(step["days"], step["yen"]) for step in answer["steps"]] == [(156, 1_538), (60, 591)]
    assert (answer["sum"], answer["total"]) == (2_129, 2_100)
    lines = run(*REFUND, "--paid", "2024-07-28").stdout.splitlines()
    assert "  令和6年7月28日の納付 400,000円: 令和6年7月29日から数えます" in lines
    assert "還付加算金: 2,100円" in lines
    assert any("地方税法17条の4" in line for line in lines)


def test_a_refund_of_several_payments_takes_the_last_ones_first() -> None:
    words = ("--payment", "2024-07-28=300000", "--payment", "2024-09-30=300000", "--json")
    answer = json.loads(run(*REFUND, *words).stdout)
    assert [(one["paid"], one["yen"]) for one in answer["payments"]] == [
        ("2024-09-30", 300_000),
        ("2024-07-28", 100_000),
    ]
    assert [step["base"] for step in answer["steps"]] == [100_000, 400_000, 400_000]


def test_a_refund_without_a_day_that_bears_interest_is_explained_too() -> None:
    early = ("--refund", "mistake", "--principal", "5000", "--paid", "2025-02-20")
    done = run(*early, "--until", "2025-03-01")
    assert "数える日がありません" in done.stdout
    assert "還付加算金: 0円" in done.stdout


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ([], "--paid"),
        (["--paid", "2024-07-28", "--refund", "whim"], "whim"),
        (["--paid", "2024-07-28", "--principal", "0"], "--principal"),
        (["--paid", "2024-07-28", "--due", "2024-07-31"], "--due"),
        (["--payment", "2024-07-28"], "2024-07-28"),
        (["--payment", "2024-07-28=300000"], "400,000"),
    ],
)
def test_what_a_refund_lacks_is_named(wrong: list[str], says: str) -> None:
    done = run(*REFUND, *wrong)
    assert done.exit_code
    assert isinstance(done.exception, KokuhoError)
    assert says in str(done.exception)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--appropriation", "3", "--insurer", "992011", "--principal", "5000"], "--principal"),
        (["--appropriation", "3"], "--insurer"),
        (["--insurer", "992011", "--principal", "5000"], "--insurer"),
        (["--due", "2021-05-31", "--paid", "2022-01-31"], "--principal"),
    ],
)
def test_options_that_do_not_belong_together_are_named(words: list[str], says: str) -> None:
    done = run(*words)
    assert isinstance(done.exception, KokuhoError)
    assert says in str(done.exception)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["--due", "yesterday"], "yesterday"),
        (["--due", "2021-05-00"], "2021-05-00"),
        (["--paid", "2031-01-01"], "2031-01-01"),
        (["--rate", "2021=2.5"], "2021=2.5"),
        (["--rate", "2021=low,high"], "2021=low,high"),
        (["--rate", "2021=2.5,8.8"], "2022"),
    ],
)
def test_what_cannot_be_computed_is_said_in_one_line(wrong: list[str], says: str) -> None:
    words = ["--principal", "65000", "--due", "2021-05-31", "--paid", "2022-01-31", *wrong]
    code = "from kokuho.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "interest", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def _message_ids() -> set[str]:
    source = ROOT / "src/kokuho"
    files = [*(source / "ledger").glob("*.py"), *(source / "cli").glob("interest*.py")]
    return {
        node.args[0].value
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_message_has_its_japanese() -> None:
    from babel.messages.pofile import read_po

    with (LOCALE_DIR / "ja/LC_MESSAGES/ledger.po").open("rb") as file:
        catalogue = {entry.id: entry.string for entry in read_po(file) if entry.id}
    ids = _message_ids()
    assert len(ids) > 60
    assert ids == set(catalogue)
    assert all(catalogue.values())
