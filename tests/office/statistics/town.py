"""A town of six insured, with its claims and its books, small enough to count on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kokuho.office.collection import accounts
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.register.models import Household, Stay
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER
from tests.office.ledger.offices import bill, open_office, post
from tests.office.ledger.test_receipts import write
from tests.office.people import add_household, add_resident, enrol, moment

CLAIMS = """保険者コード,レセプト整理番号,宛名番号,診療年月,レセプト種別,医療費,高額療養費支給額
992011,c1,11,令和7年4月,医科,10000,
992011,c2,21,2025-04,医科,20000,0
992011,c3,21,202504,調剤,5000,0
992011,c4,31,2026-02,DPC,600000,100000
992011,c5,31,2026-03,医科,7000,0
992011,c6,31,2025-12,歯科,9000,0
"""


def open_town() -> None:
    """Three households: a Japanese one of three, a foreign one of two, one that became foreign."""
    open_office(year=2025)
    with seeing([INSURER], writing=True):
        when = moment()
        japan = {"nationality": "JPN"}
        head = add_resident("11", when, birth_date="1970-01-01", sex="M", **japan)
        wife = add_resident("12", when, birth_date="1972-05-00", sex="F", **japan)
        child = add_resident("13", when, birth_date="2010-00-00", sex="F", **japan)
        student = add_resident("21", when, birth_date="2001-04-01", sex="M", nationality="VNM")
        friend = add_resident("22", when, birth_date="1999-08-08", sex="F", nationality="NPL")
        other = add_resident("31", when, birth_date="1960-12-31", sex="M", nationality="BRA")
        for name, *members in (("h1", head, wife, child), ("h2", student, friend), ("h3", other)):
            add_household(name, when, *members)
        for person in (head, wife, child, student, other):
            enrol(when, person, date(2024, 4, 1))
        enrol(when, friend, date(2026, 4, 1))  # the day after the year's end
        stay = {"kind": "mid_to_long_term", "valid_from": date(2024, 4, 1)}
        record(when, [Stay(resident=student, status="留学", **stay)])
        record(when, [Stay(resident=other, status="永住者", **stay)])


def collect(folder: Path) -> None:
    """Of 12,000, 9,000 twice and 6,000 yen: 12,000, 9,000, and 3,000 after the year's end."""
    terms = {"fiscal_year_levied": 2025, "fiscal_year_meant": 2025, "due": date(2025, 7, 31)}
    demands = [
        bill("h1", 1, 12_000, **terms),
        bill("h2", 1, 9_000, **terms),
        bill("h2", 2, 9_000, **terms),
        bill("h3", 1, 6_000, **terms),
    ]
    post(demands, date(2025, 7, 15), 2025)
    rows = ["r1,2025-07-30,12000,h1,2025,1,", "r2,2025-08-03,9000,h2,2025,1,"]
    import_receipts(write(folder / "one.csv", rows), posted_on=date(2025, 8, 4), actor="試験")
    rows = ["r3,2026-04-20,3000,h3,2025,1,"]
    import_receipts(write(folder / "two.csv", rows), posted_on=date(2026, 4, 21), actor="試験")
    with seeing([INSURER], writing=True):
        account = {
            "bank_code": "9999", "branch_code": "001", "account_type": "1",
            "account_number": "7000001", "holder": "カクウ",
        }  # fmt: skip
        home = Household.objects.get(household_number="h1")
        accounts.set_account(
            home, account, first=date(2025, 7, 1), asked_on=date(2025, 6, 1), actor="試験"
        )


def claims_file(folder: Path, text: str = CLAIMS, name: str = "claims.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
