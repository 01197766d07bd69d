"""What a file says of a resident comes back: field by field, character by character, everywhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import override_settings
from openpyxl import Workbook
from pypdf import PdfReader

from kokuho.forms.notice import notice_pdf
from kokuho.office.accounts import users
from kokuho.office.assessment import notices
from kokuho.office.assessment.models import LevyDecision
from kokuho.office.imports.run import run
from kokuho.office.register.models import (
    Handling,
    Household,
    Identity,
    Residence,
    ResidenceCard,
    Stay,
)
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import run_year
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.test_imports import bring, enrolment, held, member, resident
from tests.office.web.conftest import PASSWORD, signed_in

RARE = "葛\U000e0100城\u3000𠮷\U000e0101"
"""Two variation selectors and a character beyond the Basic Multilingual Plane."""

SAYS: dict[str, str] = {
    "insurer_code": INSURER, "person_id": "0000000001", "since": "2025-04-01",
    "until": "2026-03-31", "kanji": RARE, "kana": "カツラギ\u3000ヨシ",
    "latin": "NGUYỄN VĂN SAMPLE", "common_name": f"通{RARE}", "common_name_kana": "ツウショウ",
    "birth_date": "1950-07-00",
    "sex": "X", "nationality": "VNM", "postal_code": "000-0001",
    "address": "架空市葛\U000e0100町1番地", "became_resident_on": "2024-05-06",
    "former_address": "ベトナム", "from_abroad": "yes", "ended_by": "moved_abroad",
    "later_address": "国外𠮷", "stay_kind": "mid_to_long_term", "residence_status": "特定活動",
    "designation": "other", "period_from": "2024-05-06", "period_to": "2026-05-06",
    "extension_applied_on": "2026-04-30", "card_number": "AA00000001BB",
    "card_kind": "residence_card", "card_expires_on": "2026-05-06", "preferred_language": "vi",
    "protected": "yes",
}  # fmt: skip
NEXT_CARD = SAYS | {
    "since": "2026-03-31", "until": "", "ended_by": "", "later_address": "",
    "card_number": "AA00000002BB", "protected": "no", "preferred_language": "ja",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


def as_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    pl.DataFrame(rows).write_csv(path.with_suffix(".csv"))
    return path.with_suffix(".csv")


def as_xlsx(path: Path, rows: list[dict[str, str]]) -> Path:
    book = Workbook()
    for row in ([*rows[0]], *([*row.values()] for row in rows)):
        book.active.append(row)
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def as_parquet(path: Path, rows: list[dict[str, str]]) -> Path:
    pl.DataFrame(rows).write_parquet(path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def known(model: Any, day: date = date(2025, 6, 1)) -> dict[str, Any]:
    found = held(model, day)
    assert len(found) == 1
    return {name: getattr(found[0], name) for name in model.fact_names()}


@pytest.mark.parametrize("written", [as_csv, as_xlsx, as_parquet])
def test_every_field_of_a_resident_comes_back_from_every_kind_of_file(
    tmp_path: Path, written: Callable[[Path, list[dict[str, str]]], Path]
) -> None:
    outcome = run("residents", written(tmp_path / "r", [SAYS, NEXT_CARD]))
    assert outcome.refusals == []
    names = ("kanji", "kana", "latin", "common_name", "common_name_kana", "sex", "nationality")
    identity = known(Identity)
    assert {name: identity[name] for name in names} == {name: SAYS[name] for name in names}
    assert str(identity["birth_date"]) == "1950-07-00"
    assert known(Residence) == {
        **{name: SAYS[name] for name in
           ("postal_code", "address", "former_address", "ended_by", "later_address")},
        "became_resident_on": date(2024, 5, 6), "from_abroad": True,
    }  # fmt: skip
    assert known(Stay) == {
        "kind": "mid_to_long_term", "status": "特定活動", "designation": "other",
        "period_from": date(2024, 5, 6), "period_to": date(2026, 5, 6),
        "extension_applied_on": date(2026, 4, 30),
    }  # fmt: skip
    card = {"kind": "residence_card", "expires_on": date(2026, 5, 6)}
    assert known(ResidenceCard) == {"number": "AA00000001BB", **card}
    assert known(ResidenceCard, date(2026, 4, 1)) == {"number": "AA00000002BB", **card}
    assert known(Handling) == {"preferred_language": "vi", "protected": True}
    assert known(Handling, date(2026, 4, 1)) == {"preferred_language": "ja", "protected": False}


def test_a_rare_name_stands_on_page_and_notice_as_it_came(store: Store, tmp_path: Path) -> None:
    people = [resident("1", kanji=RARE, since="2020-04-01"), resident("2", since="2020-04-01")]
    bring("residents", tmp_path, *people)
    members = [member("H", n, head=n == "1", since="2020-04-01") for n in "12"]
    bring("households", tmp_path, *members)
    bring("enrolments", tmp_path, *(enrolment(n, acquired_on="2020-04-01") for n in "12"))
    income = {"insurer_code": INSURER, "person_id": "1", "fiscal_year": 2026, "business": 3_000_000}
    bring("incomes", tmp_path, income)
    run_year()
    users.add("clerk", PASSWORD, [INSURER])
    with seeing([INSURER]):
        household = Household.objects.get().pk
        notice = notices.notice(LevyDecision.objects.get(), date(2026, 11, 25))
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        page = signed_in().get(f"/{INSURER}/households/{household}").content.decode()
    assert RARE in page
    paper = PdfReader(io.BytesIO(notice_pdf(notice, made_on=date(2026, 11, 25))))
    text = "".join(sheet.extract_text() for sheet in paper.pages).replace("\n", "")
    assert RARE.replace("\u3000", "") in text.replace("\u3000", "").replace(" ", "")
