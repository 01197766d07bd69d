"""The list of departures in the browser: who leaves, what is to do, who sees it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from kokuho.office.accounts.models import Look
from kokuho.office.tenancy import seeing
from tests.office.billing.test_departures import leave
from tests.office.billing.town import assess, declare, ordinance, telling
from tests.office.conftest import INSURER
from tests.office.web.conftest import Office, signed_in
from tests.office.web.test_prepayment import text


def leaving() -> None:
    """One household is to leave Japan in a month, another one left for elsewhere in it."""
    today = timezone.localdate()
    with telling() as t:
        for number in ("1", "2"):
            t.family(f"h{number}", f"p{number}")
            declare(t, f"p{number}", 2026)
    assess(own=ordinance("tax"))
    with telling() as t:
        leave(t, "p1", today + timedelta(days=30))
        leave(t, "p2", today - timedelta(days=10), how="moved_out")


def test_who_leaves_is_listed_by_day_with_what_is_to_do_and_logged(office: Office) -> None:
    leaving()
    browser = signed_in()
    shown = text(browser.get("/departures/"))
    for words in ("すべて 2", "これから転出 1", "転出済 1", "国外へ 1", "国外へ転出", "納税管理人",
                  "まだ聞いていません"):  # fmt: skip
        assert words in shown
    assert shown.index("世帯 h2") < shown.index("世帯 h1")
    coming = text(browser.get("/departures/?group=coming"))
    assert "世帯 h1" in coming
    assert "世帯 h2" not in coming
    with seeing([INSURER]):
        seen = Look.objects.filter(page="departures").values_list("resident__address_number")
        assert set(seen) == {("p1",), ("p2",)}
    assert "世帯 h1" not in text(signed_in("neighbour").get("/departures/"))
