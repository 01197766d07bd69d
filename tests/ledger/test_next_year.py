"""The special rates of a year are announced in December before it: until then, and afterwards."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kokuho.base.errors import LawError
from kokuho.law import registry
from kokuho.ledger import interest, refund_rates
from kokuho.ledger.interest_on_refunds import Cause, Overpaid, refund_interest
from kokuho.ledger.receipts import Receipt, frame_of_receipts, receive
from tests.ledger.town import RULES, Town, demand

JANUARY = date(2027, 1, 20)
# fictional: nobody has announced them yet
RATES_2027 = {"first": "0.030", "after": "0.093", "refund": "0.015", "deferral": "0.015"}


@pytest.fixture
def announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A copy of the law data with a row of 2027 for each rate."""
    copy = tmp_path / "data"
    shutil.copytree(registry.DATA, copy)
    file = copy / "interest.yaml"
    text = file.read_text(encoding="utf-8").replace("ends: 2026-12-31", "ends: 2027-12-31")
    for name, rate in RATES_2027.items():
        days = "first: 2027-01-01, last: 2027-12-31"
        row = f'{{{days}, value: "{rate}", source: koto, certainty: unverified}}'
        text = re.sub(
            rf"(  interest\.{name}:\n(?:    .*\n)+)", rf"\g<1>      - {row}\n", text, count=1
        )
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(registry, "DATA", copy)
    registry._file.cache_clear()
    yield
    monkeypatch.undo()
    registry._file.cache_clear()


def winter(due: date) -> Town:
    town = Town()
    assert town.assess([(demand("d", "h", 2026, 7, due), 400_000)], date(2026, 7, 15))
    return town


def receive_in_january(town: Town, yen: int = 400_000) -> int:
    slip = Receipt("99", "h", "d", yen, JANUARY, None, "slip")
    run = receive(
        town.demands, town.entries, frame_of_receipts([slip]), town.voucher(JANUARY, "x"), RULES
    )
    return int(run.interest["change"].sum())


def test_interest_of_a_year_that_is_not_announced_names_the_year_and_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "ja")
    said = r"2027 年.*interest\.first.*12月に告示.*interest\.yaml.*2027 年の行"
    with pytest.raises(LawError, match=said):
        interest(400_000, date(2026, 11, 30), JANUARY)
    with pytest.raises(LawError, match=said):
        receive_in_january(winter(date(2026, 11, 30)))


def test_what_bears_no_interest_of_it_is_posted() -> None:
    assert receive_in_january(winter(date(2027, 1, 31))) == 0
    assert receive_in_january(winter(date(2026, 11, 30)), 100_000) == 0
    assert interest(400_000, date(2026, 8, 31), date(2026, 12, 31)).total > 0


@pytest.mark.usefixtures("announced")
def test_a_row_of_the_year_in_the_data_is_all_that_is_needed() -> None:
    # 1 to 31 December: 31 days at 2.8 %; no day of the first month falls into 2027
    made = interest(400_000, date(2026, 11, 30), JANUARY)
    assert [(step.days, step.rate, step.yen) for step in made.steps] == [
        (31, 28_000, 951),
        (20, 93_000, 2_038),
    ]
    assert made.total == 2_900
    assert receive_in_january(winter(date(2026, 11, 30))) == 2_900
    assert [one.first for one in refund_rates([2027])] == [15_000]
    overpaid = Overpaid(900_000, Cause.ASSESSMENT, ((date(2026, 12, 31), 900_000),))
    assert refund_interest(overpaid, date(2027, 1, 31)).sum == 900_000 * 15 * 31 // 365_000
