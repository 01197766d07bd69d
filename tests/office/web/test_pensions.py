"""The list of pensions that are undecided in the browser: who, what is missing, who sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from kokuho.office.accounts.models import Look
from kokuho.office.billing.pension_file import take
from kokuho.office.tenancy import seeing
from tests.office.billing.test_runs import PENSIONER, pension
from tests.office.billing.town import NOTICE, assess, bill, declare, telling
from tests.office.conftest import INSURER
from tests.office.web.conftest import Office, signed_in
from tests.office.web.test_prepayment import text


def test_whose_pension_is_undecided_is_listed_with_what_is_missing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # from October on no pension begins any more: nothing is open then before the first bill
    monkeypatch.setattr(timezone, "localdate", lambda *_any: NOTICE)
    with telling() as t:
        for number in ("1", "2"):
            t.family(f"h{number}", f"p{number}", born=PENSIONER)
            declare(t, f"p{number}", 2026)
    known, unknown = "2000000,300000,yes,10000,,,", ",,,,,,"
    take(
        pension(tmp_path, f"{INSURER},p1,2026,{known}", f"{INSURER},p2,2026,{unknown}"),
        actor="試験",
    )
    assert "まだどの年度も賦課していません" in text(signed_in().get("/pensions/"))
    assess()
    before = text(signed_in().get("/pensions/"))
    for words in ("1 世帯", "世帯 h2", "まだありません", "年金"):
        assert words in before
    assert "世帯 h1" not in before
    with seeing([INSURER]):
        seen = Look.objects.filter(page="pensions").values_list("resident__address_number")
        assert set(seen) == {("p2",)}
    bill()
    assert "普通徴収で調定済み" in text(signed_in().get("/pensions/"))
    assert "世帯 h2" not in text(signed_in("neighbour").get("/pensions/"))
