"""Whom papers go to, read for many payers at once and one by one: the same."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kokuho.arrears import Act
from kokuho.base.errors import InputError
from kokuho.office.arrears.recording import record
from kokuho.office.assessment.succession import appoint
from kokuho.office.billing.departures import ask
from kokuho.office.printing.recipients import Recipient, Recipients
from kokuho.office.register.models import Residence, Resident
from kokuho.office.store.recording import retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import at
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.printing.town import JULY, household, telling

LEFT = date(2026, 7, 1)


@pytest.fixture
def _town(sqlite: Store) -> None:
    add_insurer()
    with telling() as told:
        household(told, 1)
        household(told, 2, language="vi")
        household(told, 3, protected=True)
        household(told, 4, address="", postal="")
        household(told, 5, identity={"common_name": "架空 通称"})
        for number in (6, 7, 8, 9):
            household(told, number)
    with telling() as told:
        for number, why in ((6, "death"), (7, "death"), (8, "moved_abroad")):
            person = f"p{number:02d}"
            retract(told.moment, [Residence(resident=at(person), valid_from=LEFT)])
            told.living(person, until=LEFT, ended_by=why)
        appoint(INSURER, "p06", basis="reported", told_on=LEFT, actor="試験",
                representative="p02")  # fmt: skip
        ask(at("p08"), 2026, account="given", agent="架空 代理", agent_address="架空県別市1-1",
            asked_on=LEFT, person="試験")  # fmt: skip
    where = Act(0, "sending_address", LEFT, "h09", actor="試験", text="〒999-0077 架空県送付市1-1")
    record(INSURER, [where], today=JULY)


def told(recipients: Recipients, payer: Resident) -> Recipient | str:
    try:
        return recipients.of(payer)
    except InputError as error:
        return str(error)


@pytest.mark.usefixtures("_town")
def test_many_at_once_are_told_as_one_by_one_and_with_few_questions() -> None:
    with seeing([INSURER]):
        people = list(Resident.objects.order_by("address_number"))
        alone = Recipients(INSURER, JULY, "premium", ("easy_ja",))
        one_by_one = [told(alone, payer) for payer in people]
        many = Recipients(INSURER, JULY, "premium", ("easy_ja",))
        many.read(people)
        assert [told(many, payer) for payer in people] == one_by_one
        with CaptureQueriesContext(connection) as asked:
            plain = [payer for payer in people if payer.address_number in ("p01", "p02", "p03")]
            assert all(isinstance(told(many, payer), Recipient) for payer in plain)
        assert len(asked) == 0
    kinds = [type(one) for one in one_by_one]
    assert kinds.count(str) == 2  # no address; nobody represents the heirs
    assert len(kinds) == 9
