"""Slips of the register: once for a key, and scanned back to the same demand."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from kokuho.base.errors import CollectionError
from kokuho.collection import load_book, png_of
from kokuho.office.collection import slipping
from kokuho.office.collection.slipping import Wanted, drawn, issue, issued_of
from kokuho.office.jobs.runs import Run, ask_to_cancel
from kokuho.office.tenancy import seeing
from tests.office.collection.town import DUE, amount, demand_number, house, open_town
from tests.office.conftest import INSURER

pytestmark = pytest.mark.usefixtures("store")

ON = date(2026, 7, 16)
LAYOUTS = ["rehearsal_barcode"]


def slips(key: str = "当初", wanted: Wanted | None = None) -> Run:
    return issue(INSURER, key, wanted or Wanted(DUE), LAYOUTS, issued_on=ON, actor="試験")


def test_a_printed_code_scans_back_to_the_demand_of_the_register() -> None:
    open_town(3, debited=1)
    assert slips().counts == {"slips": 2, "amount": amount(2) + amount(3)}
    with seeing([INSURER]):
        made = issued_of(INSURER, "当初")
    assert [one.household_id for one in made] == [house(2), house(3)]
    for one in made:
        (code,) = drawn(one, [load_book(name) for name in LAYOUTS])
        picture = png_of(code)
        assert picture is not None
        (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
        text = "".join(letter for letter in found.text if letter.isdigit())
        assert slipping.scanned(INSURER, text, "rehearsal_barcode") == one.demand_id


def test_the_same_key_issues_each_slip_once_and_another_key_issues_anew() -> None:
    open_town(3, debited=0)
    slips()
    assert slips().counts["slips"] == 3
    demand = demand_number(2)
    slips("再発行 1", Wanted(demand_id=demand))
    with seeing([INSURER]):
        again = issued_of(INSURER, "再発行 1")
    assert [(one.demand_id, one.reissue) for one in again] == [(demand, 1)]
    with pytest.raises(CollectionError):
        slips("再発行 2", Wanted(demand_id="0009/2026/2026/ordinary/1"))


def test_an_issue_that_was_cancelled_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slipping, "AT_ONCE", 2)
    open_town(5, debited=0)

    def stop(run: Run) -> None:
        ask_to_cancel(INSURER, run.kind, run.key)

    run = issue(INSURER, "当初", Wanted(DUE), LAYOUTS, issued_on=ON, actor="試験", progress=stop)
    assert (run.state, run.counts["slips"]) == ("cancelled", 2)
    assert slips().counts["slips"] == 5


def test_a_slip_without_the_operators_layout_says_so() -> None:
    open_town(1, debited=0)
    issue(INSURER, "当初", Wanted(DUE), [], issued_on=ON, actor="試験")
    with seeing([INSURER]):
        (one,) = issued_of(INSURER, "当初")
    assert one.codes == {}
    assert len(one.notes) == 3
