"""Two insurers with a household each, a clerk of each, and a client that signs in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from kokuho.office.accounts import users
from kokuho.office.register.models import Declaration, Handling, Income, Residence
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_household, add_insurer, add_resident, enrol, moment

PASSWORD = "だれも使わない見本の合言葉"
LONG_AGO = timezone.make_aware(datetime(2026, 4, 1, 9))
SINCE = date(2020, 4, 1)


@dataclass(frozen=True)
class Office:
    """Row numbers of the household of each insurer, and the names that are only in it."""

    household: int
    other: int
    name: str = "架空　太郎"
    other_name: str = "見本　花子"
    address: str = "架空市見本町1丁目"
    other_address: str = "架空町例示台2丁目"


def client() -> Client:
    """A browser of this machine."""
    return Client(SERVER_NAME="127.0.0.1")


def signed_in(username: str = "clerk") -> Client:
    browser = client()
    assert browser.login(username=username, password=PASSWORD)
    return browser


def household_of(insurer: str, name: str, kana: str, address: str, **handling: Any) -> int:
    """A head with a child, both insured; the first word that the register has of them."""
    with seeing([insurer], writing=True):
        when = moment(insurer, LONG_AGO)
        head = add_resident(
            "1001", when, since=SINCE, kanji=name, kana=kana, birth_date="1986-04-02"
        )
        child = add_resident(
            "1002", when, since=SINCE, kanji=f"{name}の子", kana=f"{kana} コ",
            birth_date="2019-05-00",
        )  # fmt: skip
        household = add_household("77", when, head, child, since=SINCE)
        for resident in (head, child):
            enrol(when, resident, SINCE)
            home = Residence(
                resident=resident, valid_from=SINCE, address=address, former_address="もとの住所"
            )
            record(when, [home])
            record(when, [year_of(Declaration, resident, state="declared")])
        record(when, [year_of(Income, head, salary_revenue=3_000_000)])
        record(when, [Handling(resident=head, valid_from=SINCE, **handling)])
        return int(household.pk)


def year_of(model: Any, resident: Any, **facts: Any) -> Any:
    """A fact of fiscal year 2026."""
    return model(resident=resident, valid_from=date(2026, 4, 1), valid_to=date(2027, 4, 1), **facts)


@pytest.fixture(autouse=True)
def _quick_passwords(request: pytest.FixtureRequest) -> Iterator[None]:
    """Argon2 is slow on purpose; one test asks for it, and a server of its own knows no other."""
    if "argon2" in request.node.name or "server" in request.fixturenames:
        yield
        return
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def office(store: Store) -> Office:
    for code, name in ((INSURER, "架空市"), (OTHER, "架空町")):
        add_insurer(code, name)
    made = Office(
        household_of(INSURER, Office.name, "カクウ　タロウ", Office.address),
        household_of(OTHER, Office.other_name, "ミホン　ハナコ", Office.other_address),
    )
    users.add("clerk", PASSWORD, [INSURER], "窓口　一号")
    users.add("neighbour", PASSWORD, [OTHER])
    users.add("idle", PASSWORD, [])
    return made
