"""The interest of an appropriation in the books is shown as it was posted, by its number."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kokuho.base.errors import LedgerError
from kokuho.cli import app
from kokuho.cli.ledger_causes import causes_of
from kokuho.ledger.interest_on_refunds import Cause, Overpaid, refund_interest
from kokuho.office.ledger import acts
from kokuho.office.ledger.appropriated import interest_of_appropriation
from kokuho.office.ledger.models import AppropriationCause, Entry
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER
from tests.office.ledger.offices import bill, name, open_office, post
from tests.office.ledger.test_receipts import TODAY, arrive

pytestmark = pytest.mark.usefixtures("store")


def test_a_stated_cause_is_kept_and_explains_the_posting_that_used_it(tmp_path: Path) -> None:
    open_office()
    post([bill("h1", 1, 3_000_000), bill("h1", 2, 1_000_000)])
    arrive(tmp_path, "r1,2026-07-20,3000000,h1,2026,1,")
    post([bill("h1", 1, 1_000_000), bill("h1", 2, 1_000_000)], TODAY)
    causes = causes_of(INSURER, [f"{name('h1', 1)}=income_tax,2026-09-10"])
    acts.appropriate_all(INSURER, posted_on=TODAY, actor="試験", causes=causes)
    overpaid = Overpaid(1_000_000, Cause.INCOME_TAX, ((date(2026, 7, 20), 1_000_000),),
                        date(2026, 9, 10))  # fmt: skip
    earned = refund_interest(overpaid, TODAY).total
    with seeing([INSURER]):
        kept = list(AppropriationCause.objects.values_list("demand_id", "cause", "happened_on"))
    assert kept == [(name("h1", 1), "income_tax", date(2026, 9, 10))]
    # a second posting of the same day does not change what the first one is explained from
    (tmp_path / "more").mkdir()
    arrive(tmp_path / "more", "r2,2026-10-02,40000,h1,2026,2,")
    post([bill("h1", 1, 900_000), bill("h1", 2, 1_000_000), bill("h1", 3, 60_000)], TODAY)
    acts.appropriate_all(INSURER, posted_on=TODAY, actor="試験")
    numbers = appropriations()
    for number in numbers:
        with seeing([INSURER]):
            found = interest_of_appropriation(INSURER, number)
        assert found.made.total == found.posted
    with seeing([INSURER]):
        first = interest_of_appropriation(INSURER, numbers[0])
    assert (first.overpaid, first.posted) == (overpaid, earned)


def test_the_steps_of_an_appropriation_are_shown_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    open_office()
    post([bill("h1", 1, 3_000_000), bill("h1", 2, 900_000), bill("h1", 3, 100_000)])
    arrive(tmp_path, "r1,2026-07-20,3000000,h1,2026,1,")
    post([bill("h1", 1, 1_000_000), bill("h1", 2, 900_000), bill("h1", 3, 100_000)], TODAY)
    acts.appropriate_all(INSURER, posted_on=date(2026, 11, 2), actor="試験")
    with seeing([INSURER]):
        posted = dict(
            Entry.objects.filter(account="refund_interest").values_list("number", "amount")
        )
    assert sum(posted.values()) > 0
    for number in appropriations():
        words = ["interest", "--appropriation", str(number), "--insurer", INSURER]
        shown = CliRunner().invoke(app, [*words, "--json"])
        assert shown.exit_code == 0, shown.output
        data = json.loads(shown.stdout)
        assert data["total"] == data["posted"]
        assert data["posted"] == sum(posted.get(one, 0) for one in data["journals"])
        assert sum(step["yen"] for step in data["steps"]) == data["sum"]
        assert f"{data['posted']:,}" in CliRunner().invoke(app, words).stdout
    for wrong in (1, 99_999):
        with seeing([INSURER]), pytest.raises(LedgerError, match=str(wrong)):
            interest_of_appropriation(INSURER, wrong)


def appropriations() -> list[int]:
    """The journals that took from what was overpaid."""
    with seeing([INSURER]):
        rows = Entry.objects.filter(kind="appropriate", account="overpaid")
        return sorted(rows.values_list("number", flat=True))
