"""Every look at a person leaves a row that stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError

from kokuho.office.accounts import looks
from kokuho.office.accounts.models import Look
from kokuho.office.register.models import Resident
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER
from tests.office.web.conftest import Office, signed_in


def rows(insurer: str = INSURER) -> list[tuple[Any, ...]]:
    with seeing([insurer]):
        return list(
            Look.objects.order_by("pk").values_list(
                "user__username", "page", "resident__address_number", "household_id",
                "valid_on", "known_on",
            )
        )  # fmt: skip


def test_a_household_page_names_everybody_on_it(office: Office) -> None:
    address = f"/{INSURER}/households/{office.household}"
    signed_in().get(f"{address}?valid=R8.5.1&known=2026-06-01")
    assert [row[:4] for row in rows()] == [
        ("clerk", "household", "1001", office.household),
        ("clerk", "household", "1002", office.household),
    ]
    assert {(str(row[4]), str(row[5])) for row in rows()} == {("2026-05-01", "2026-06-01")}
    assert rows(OTHER) == []


def test_a_list_of_a_search_names_everybody_on_it_each_time(office: Office) -> None:
    browser = signed_in()
    browser.post("/search", {"q": "カクウ"})
    assert rows() == []
    for times in (1, 2):
        browser.get("/search")
        assert [row[2] for row in rows()] == ["1001", "1002"] * times
    assert {row[1] for row in rows()} == {"search"}


def test_a_search_without_result_and_a_page_that_is_not_there_name_nobody(office: Office) -> None:
    browser = signed_in()
    browser.post("/search", {"q": "だれでもない"})
    browser.get("/search")
    browser.get(f"/{OTHER}/households/{office.other}")
    assert rows() == []
    assert rows(OTHER) == []


def test_where_a_look_cannot_be_written_nothing_is_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise DatabaseError("full")

    monkeypatch.setattr(looks, "note", fail)
    browser = signed_in()
    browser.raise_request_exception = False
    answer = browser.get(f"/{INSURER}/households/{office.household}")
    assert answer.status_code == 500
    assert office.name not in answer.content.decode()


def test_a_look_is_neither_changed_nor_deleted(office: Office) -> None:
    signed_in().get(f"/{INSURER}/households/{office.household}")
    with pytest.raises(DatabaseError), seeing([INSURER], writing=True):
        Look.objects.all().update(page="nothing")
    with pytest.raises(DatabaseError), seeing([INSURER], writing=True):
        Look.objects.all()._raw_delete("default")
    assert len(rows()) == 2


def test_the_log_holds_no_name_and_no_number_of_a_paper(office: Office) -> None:
    signed_in().get(f"/{INSURER}/households/{office.household}")
    with seeing([INSURER]):
        number = Resident.objects.get(address_number="1001")
        for row in Look.objects.values():
            assert "1001" not in str(row)
            assert "架空" not in str(row)
        assert Look.objects.filter(resident=number).count() == 1
