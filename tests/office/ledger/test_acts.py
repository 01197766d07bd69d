"""Single acts in the books: each under its number, never lost in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.office.ledger import acts
from kokuho.office.ledger.models import Entry, Relief
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import bill, name, open_office, post
from tests.office.ledger.test_receipts import TODAY, arrive, standing

pytestmark = pytest.mark.usefixtures("store")


def write_off(key: str, demand: str, yen: int) -> dict[str, int]:
    decided = pl.DataFrame({"demand_id": [demand], "component": ["principal"], "amount": [yen]})
    run = acts.write_off_claims(INSURER, key, decided, posted_on=TODAY, actor="試験")
    return dict(run.counts)


def test_a_number_that_stands_for_something_else_is_refused_and_the_same_again_is_told(
    store: Store,
) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h2", 1, 9_000)])
    assert write_off("決裁 1", name("h1", 1), 12_000) == {"journals": 1, "entries": 2}
    assert write_off("決裁 1", name("h1", 1), 12_000) == {"already": 1}
    with pytest.raises(LedgerError, match="決裁 1"):
        write_off("決裁 1", name("h2", 1), 9_000)
    assert standing("h2").demands[0].owed == 9_000
    acts.charge_fees(INSURER, "督促 1", [name("h2", 1)], 100, posted_on=TODAY, actor="試験")
    with pytest.raises(LedgerError, match="督促 1"):
        acts.charge_fees(INSURER, "督促 1", [name("h2", 1)], 200, posted_on=TODAY, actor="試験")


def test_a_household_that_got_money_from_suspense_goes_on_like_any_other(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h2", 1, 9_000)])
    # wholly held; and in part another household's, in part held
    arrive(tmp_path, "r1,2026-07-30,2000,h9,2026,1,", "r2,2026-07-30,10000,h2,,,",
           on=date(2026, 8, 1))  # fmt: skip
    for reference in ("r1", "r2"):
        acts.release_held(INSURER, reference, name("h1", 1), posted_on=TODAY, actor="試験")
    assert standing("h1").demands[0].owed == 9_000
    arrive(tmp_path, "r3,2026-07-31,3000,h1,2026,1,", "r4,2026-07-31,500,h2,2026,1,")
    post([bill("h1", 1, 11_000), bill("h2", 1, 8_000)], TODAY)
    assert [standing(house).demands[0].owed for house in ("h1", "h2")] == [5_000, 0]
    acts.close_year(INSURER, 2026, posted_on=date(2027, 6, 1), actor="試験")
    with seeing([INSURER]):
        assert verify(INSURER) == []


def test_a_relief_that_ends_before_it_begins_is_refused_in_words_and_not_recorded(
    store: Store,
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    with pytest.raises(LedgerError, match="2026-08-01"):
        acts.grant_relief(
            INSURER, "猶予 1", name("h1", 1), date(2026, 8, 1), date(2026, 7, 1), "full",
            posted_on=TODAY, actor="試験",
        )  # fmt: skip
    with seeing([INSURER]):
        assert Relief.objects.count() == 0


def test_a_refund_of_a_closed_year_lapses_after_its_years_and_not_a_day_before(
    store: Store, tmp_path: Path
) -> None:
    open_office(year=2020)
    due = date(2020, 7, 31)
    post([bill("h1", 1, 12_000, fiscal_year_levied=2020, fiscal_year_meant=2020, due=due)],
         date(2020, 7, 15), 2020)  # fmt: skip
    arrive(tmp_path, "r1,2020-07-30,15000,h1,2020,1,", on=date(2020, 8, 1))

    def lapsed(day: date) -> int:
        acts.lapse_refunds(INSURER, posted_on=day, actor="試験")
        with seeing([INSURER]):
            assert verify(INSURER) == []
            gone = Entry.objects.filter(account="lapsed").values_list("amount", flat=True)
            return -sum(gone)

    # in the year's own books nothing lapses
    assert lapsed(date(2021, 5, 31)) == 0
    for year in (2020, 2021):
        acts.close_year(INSURER, year, posted_on=date(year + 1, 6, 1), actor="試験")
    # two years for a premium (国民健康保険法110条1項), from the day after the payment
    assert lapsed(date(2022, 7, 30)) == 0
    assert lapsed(date(2022, 7, 31)) == 3_000
    assert lapsed(date(2022, 8, 1)) == 3_000
