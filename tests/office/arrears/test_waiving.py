"""A deferral or suspension is recorded once: the ledger's relief of interest comes with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kokuho.base.errors import LedgerError
from kokuho.office.arrears.act import ActRow
from kokuho.office.arrears.standing import read
from kokuho.office.ledger.acts import grant_relief
from kokuho.office.ledger.models import Entry, Relief
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from kokuho.ordinance import OrdinanceYear
from tests.office.arrears.town import INSURER, name, open_town, pay, told
from tests.office.ledger.offices import bill, collecting, post

pytestmark = pytest.mark.usefixtures("store")

ON = date(2026, 11, 25)
BIG = 900_000


WAIVED = {"collection_disaster": "full", "sale_by_office": "half", "suspension": "full"}


def open_rich_town(waived: dict[str, str] = WAIVED) -> None:
    """The town, where household 77 owes so much that a month of interest is seen.

    It levies a premium, so that its ordinance says what is waived.
    """
    open_town()
    data = collecting().model_dump(mode="json")
    data["collection"]["interest"]["waived"] = waived
    with seeing([INSURER], writing=True):
        keep_ordinance(INSURER, OrdinanceYear.model_validate(data))
    post([bill("77", 1, BIG)])


def running(on: date = ON, house: str = "77", term: int = 1) -> int:
    with seeing([INSURER]):
        assert verify(INSURER) == []
        rows = read(INSURER, on, [house]).owed
    return dict(rows.select("demand_id", "running").iter_rows())[name(house, term)]


def reliefs() -> list[tuple[date, date, str, int]]:
    with seeing([INSURER]):
        rows = Relief.objects.filter(insurer_id=INSURER).order_by("pk")
        return list(rows.values_list("first", "last", "relief", "withdrawn"))


def test_a_deferral_waives_the_interest_of_its_days_and_its_cancellation_ends_that() -> None:
    open_rich_town()
    # 900,000 at 2.8 % for 92 days and at 9.1 % for 25: 6,351 + 5,609, cut to 100 yen
    assert running() == 11_900
    held = told("deferral", "77", date(2026, 8, 1), 1, until=date(2027, 1, 31),
                code="collection_disaster")  # fmt: skip
    assert running() == 0
    told("deferral_ended", "77", date(2026, 10, 31), refers=held.number, text="資力の回復")
    assert reliefs() == [
        (date(2026, 8, 1), date(2027, 1, 31), "full", 0),
        (date(2026, 8, 1), date(2026, 10, 31), "full", 0),
    ]
    assert running() == 5_600


def test_a_suspension_that_is_withdrawn_waives_nothing_any_more() -> None:
    open_rich_town()
    before = running()
    held = told("suspension", "77", date(2026, 9, 1), 1, code="no_property", text="財産なし")
    assert running() < before
    told("withdrawal", "77", ON, refers=held.number, text="誤記")
    assert running() == before
    assert [row[3] for row in reliefs()] == [0, 1]


def test_interest_that_was_fixed_is_corrected_when_the_deferral_is_recorded(tmp_path: Path) -> None:
    open_rich_town()
    pay(tmp_path, date(2026, 11, 20), ("77", 1, BIG))
    with seeing([INSURER]):
        fixed = Entry.objects.filter(account="receivable", component="interest")
        assert sum(row.amount for row in fixed) > 0
    told("deferral", "77", date(2026, 8, 1), 1, until=date(2026, 11, 24),
         code="collection_disaster")  # fmt: skip
    with seeing([INSURER]):
        assert sum(row.amount for row in fixed.all()) == 0
        assert verify(INSURER) == []


def test_a_past_day_stays_as_it_was_known() -> None:
    open_rich_town()
    before = running(date(2026, 11, 20))
    told("deferral", "77", date(2026, 8, 1), 1, until=ON, code="collection_disaster")
    assert running(date(2026, 11, 20)) == before
    assert running() == 0


def test_a_relief_by_hand_of_other_days_is_in_the_way_and_nothing_is_recorded() -> None:
    open_rich_town()
    grant_relief(INSURER, "減免1", name("77", 1), date(2026, 8, 15), date(2026, 8, 31), "full",
                 posted_on=ON, actor="試験")  # fmt: skip
    with pytest.raises(LedgerError, match="重なります"):
        told("deferral", "77", date(2026, 8, 1), 1, until=ON, code="sale_by_office")
    with seeing([INSURER]):
        assert not ActRow.objects.exists()
    assert len(reliefs()) == 1


def test_a_relief_by_hand_within_a_deferral_is_refused_and_the_books_stay_readable() -> None:
    open_rich_town()
    told("deferral", "77", date(2026, 8, 1), 1, until=ON, code="sale_by_office")
    with pytest.raises(LedgerError, match="重なります"):
        grant_relief(INSURER, "減免1", name("77", 1), date(2026, 9, 1), ON, "full",
                     posted_on=ON, actor="試験")  # fmt: skip
    assert len(reliefs()) == 1
    assert running() > 0


def test_a_relief_by_hand_of_the_same_days_is_not_written_twice() -> None:
    open_rich_town()
    grant_relief(INSURER, "猶予1", name("77", 1), date(2026, 8, 1), ON, "full",
                 posted_on=ON, actor="試験")  # fmt: skip
    told("deferral", "77", date(2026, 8, 1), 1, until=ON, code="collection_disaster")
    assert len(reliefs()) == 1


def test_where_the_ordinance_of_a_premium_says_nothing_the_books_stay_as_they_are() -> None:
    open_rich_town({})
    told("deferral", "77", date(2026, 8, 1), 1, until=ON, code="collection_disaster")
    assert reliefs() == []
    assert running() == 11_900
