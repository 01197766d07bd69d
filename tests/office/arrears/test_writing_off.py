"""Suspension of execution to its end: three years, cancelled or not, and what the ledger posts."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.arrears import Act
from kokuho.base.errors import ArrearsError
from kokuho.office.arrears.recording import record
from kokuho.office.arrears.standing import read
from kokuho.office.arrears.writing_off import Proposal, decide, proposals
from kokuho.office.ledger.acts import close_year
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.ledger.verifying import verify
from kokuho.office.register import insurers
from kokuho.office.tenancy import seeing
from kokuho.ordinance import OrdinanceYear
from tests.office.arrears.town import INSURER, TODAY
from tests.office.ledger.offices import bill, collecting, post

pytestmark = pytest.mark.usefixtures("store")

SUSPENDED = date(2023, 9, 1)
GONE = date(2026, 9, 2)


@pytest.fixture(autouse=True)
def _town_of_a_tax(store: object) -> None:
    """One demand of a tax, due in 2023: its right is not prescribed before 2028."""
    insurers.add(INSURER, "架空市", "架空県", "")
    with seeing([INSURER], writing=True):
        for year in (2023, 2026):
            data = collecting(year).model_dump(mode="json")
            data["insurer"]["kind"] = "tax"
            keep_ordinance(INSURER, OrdinanceYear.model_validate(data))
    old = bill("77", 1, 50_000, fiscal_year_levied=2023, fiscal_year_meant=2023,
               due=date(2023, 7, 31))  # fmt: skip
    post([old], on=date(2023, 7, 15), year=2023)
    for year in (2023, 2024, 2025):
        close_year(INSURER, year, posted_on=date(year + 1, 6, 1), actor="試験")


def told(kind: str, day: date, **more: object) -> Act:
    demand = demands()[0]
    named = {} if kind == "suspension_ended" else {"demands": (demand,)}
    act = Act(0, kind, day, "77", text="架空の理由", actor="試験", **named, **more)  # type: ignore[arg-type]
    return record(INSURER, [act], today=TODAY)[0]


def demands() -> list[str]:
    with seeing([INSURER]):
        return read(INSURER, TODAY).owed["demand_id"].to_list()


def proposed(on: date = TODAY) -> tuple[Proposal, ...]:
    with seeing([INSURER]):
        return proposals(read(INSURER, on, known=TODAY))


def test_after_three_years_it_is_proposed_decided_and_posted_and_nothing_is_owed() -> None:
    told("suspension", SUSPENDED, code="hardship")
    assert proposed(date(2026, 9, 1)) == ()
    (one,) = proposed()
    assert (one.ground, one.since, one.total) == ("suspended", GONE, 50_000)
    decide(INSURER, [one.demand], TODAY, actor="試験", text="決裁1号")
    assert (demands(), proposed()) == ([], ())
    with seeing([INSURER]):
        assert verify(INSURER) == []
        posted = Entry.objects.get(kind="write_off", account="written_off")
        assert (posted.amount, posted.demand_id) == (50_000, one.demand)


def test_one_that_was_cancelled_in_time_leaves_the_duty() -> None:
    held = told("suspension", SUSPENDED, code="no_property")
    told("suspension_ended", date(2026, 9, 1), refers=held.number)
    assert proposed() == ()
    with pytest.raises(ArrearsError, match="権利が消滅していません"):
        decide(INSURER, demands(), TODAY, actor="試験", text="決裁1号")
    with seeing([INSURER]):
        assert not Entry.objects.filter(kind="write_off").exists()


def test_a_deferral_is_recorded_also_while_an_old_year_is_not_carried_over_yet() -> None:
    old = bill("77", 2, 50_000, fiscal_year_levied=2025, fiscal_year_meant=2025,
               due=date(2025, 8, 31))  # fmt: skip
    post([old], on=date(2025, 8, 15), year=2025)
    told("deferral", date(2026, 10, 1), until=date(2026, 12, 31), code="collection_disaster")


def test_at_once_it_is_gone_on_the_day_of_the_decision() -> None:
    held = told("suspension", date(2026, 10, 1), code="no_property")
    told("extinction", date(2026, 10, 20), refers=held.number)
    (one,) = proposed()
    assert (one.ground, one.since) == ("extinguished", date(2026, 10, 20))
