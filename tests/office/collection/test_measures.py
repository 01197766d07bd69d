"""What is counted for the plan, and what is typed in beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kokuho.base.errors import InputError
from kokuho.office.collection import measures
from kokuho.office.collection.measure_table import read_typed, together
from kokuho.office.collection.offers import offer
from kokuho.office.register.models import Household
from kokuho.office.tenancy import seeing
from tests.collection.bank import Bank
from tests.office.collection.test_round_trip import answered, sent
from tests.office.collection.town import READ_ON, amount, open_town
from tests.office.conftest import INSURER
from tests.office.people import add_household, add_resident, enrol, moment

ON = date(2026, 8, 31)


def shares() -> dict[str, tuple[int | None, int | None]]:
    with seeing([INSURER]):
        found = measures.counted(INSURER, 2026, ON)
    return {one.id: (one.numerator, one.denominator) for one in found}


@pytest.mark.usefixtures("store")
def test_rates_shares_and_returned_debits_are_those_of_ledger_and_accounts() -> None:
    open_town(4, debited=3)
    answer = Bank(sent().content).answer(lambda reference: "1" if reference[-1] == "1" else "0")
    answered(answer, read_on=READ_ON)
    found = shares()
    levied = 2 * sum(amount(number) for number in range(1, 5))
    assert found["collection_rate"] == (amount(2) + amount(3), levied)
    assert found["direct_debit_share"] == (3, 4)
    assert found["slip_share"] == (1, 4)
    assert found["direct_debit_returned"] == (1, 3)


@pytest.mark.usefixtures("store")
def test_offers_are_counted_of_households_that_are_new_in_the_year() -> None:
    open_town(1, debited=0)
    with seeing([INSURER], writing=True):
        when = moment()
        people = {name: add_resident(name, when) for name in ("n1", "n2", "n3", "old", "baby")}
        homes = {
            name: add_household(name, when, people[name]) for name in ("n1", "n2", "n3")
        }  # fmt: skip
        homes["old"] = add_household("old", when, people["old"], people["baby"])
        for name in ("n1", "n2", "n3", "baby"):
            enrol(when, people[name], date(2026, 5, 1))
        enrol(when, people["old"], date(2024, 5, 1))
    for name, answer in (("n1", "taken"), ("n2", "later"), ("old", "taken")):
        with seeing([INSURER], writing=True):
            home = Household.objects.get(household_number=name)
            offer(home, on=date(2026, 5, 2), occasion="enrolment", answer=answer, person="係")
    found = shares()
    assert found["direct_debit_offered"] == (2, 3)
    assert found["direct_debit_taken"] == (1, 2)
    with seeing([INSURER], writing=True):  # another word on the same day takes its place
        home = Household.objects.get(household_number="n1")
        offer(home, on=date(2026, 5, 2), occasion="enrolment", answer="declined", person="係")
    assert shares()["direct_debit_taken"] == (0, 2)
    with seeing([INSURER], writing=True), pytest.raises(InputError):
        offer(home, on=date(2026, 5, 2), occasion="enrolment", answer="maybe", person="係")


def test_typed_figures_stand_beside_the_counted_ones_and_bad_rows_are_named(
    tmp_path: Path,
) -> None:
    path = tmp_path / "typed.csv"
    path.write_text(
        "id,target,value,numerator,denominator,note\n"
        "collection_rate,94,,,,\n"
        "data_health,60,,5500,10000,\n"
        'receipt_review,"12,000,000",13000000,,,\n'
        "slip_share,,30,,,\n"
        "nonsense,,1,,,\n"
        "incentive,,many,,,\n",
        encoding="utf-8",
    )
    typed = read_typed(path)
    assert [(one.line, one.column) for one in typed.refusals] == [
        (5, "value"), (6, "id"), (7, "value"),
    ]  # fmt: skip
    figures = {one.id: one.value for one in together([], typed.figures)}
    assert figures == {
        "collection_rate.target": Decimal(94), "receipt_review": Decimal(13_000_000),
        "receipt_review.target": Decimal(12_000_000), "data_health": Decimal("55.00"),
        "data_health.target": Decimal(60),
    }  # fmt: skip
